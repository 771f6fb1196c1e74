import type { Core } from '@strapi/strapi';

type Env = Core.Config.Shared.ConfigParams['env'];

/**
 * A secret of the environment. Under NODE_ENV=test a fixed value stands in, so that a test needs no
 * `.env`; anywhere else a missing secret stops the start.
 */
export const secret = (env: Env, name: string): string => {
  const value = env(name);
  if (value) return value;
  if (env('NODE_ENV') === 'test') return `development-only-${name.toLowerCase().replaceAll('_', '-')}`;
  throw new Error(`${name} is not set. \`npm run playground\` writes playground/.env; see .env.example.`);
};

export const secretList = (env: Env, name: string): string[] =>
  secret(env, name)
    .split(',')
    .map((value) => value.trim());
