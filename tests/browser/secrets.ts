const NAMES = [
  'ADMIN_JWT_SECRET',
  'API_TOKEN_SALT',
  'TRANSFER_TOKEN_SALT',
  'ENCRYPTION_KEY',
  'JWT_SECRET',
  'APP_KEYS',
];

/** What stands in for secrets under NODE_ENV=test (`playground/src/utils/secrets.ts`): the seeded tokens rest on it. */
export const SECRETS: Readonly<Record<string, string>> = {
  STRAPI_TELEMETRY_DISABLED: 'true',
  ...Object.fromEntries(
    NAMES.map((name) => [name, `development-only-${name.toLowerCase().replaceAll('_', '-')}`]),
  ),
};
