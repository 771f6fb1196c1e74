import { PLUGIN_ID } from './pluginId';

const permission = (name: string) => ({ action: `plugin::${PLUGIN_ID}.${name}`, subject: null });

/** The actions that `server/src/permissions.ts` registers. They hide; the server refuses. */
export const PERMISSIONS = {
  read: [permission('read')],
  purge: [permission('purge')],
  resetLimits: [permission('reset-limits')],
  configuration: [permission('configuration')],
};
