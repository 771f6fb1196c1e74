/** Content types of the users-permissions plugin that say who may do what. */
export const PERMISSION = 'plugin::users-permissions.permission';
export const ROLE = 'plugin::users-permissions.role';
