import type { Core } from '@strapi/strapi';
import { secret } from '../src/utils/secrets';

const config = ({ env }: Core.Config.Shared.ConfigParams): Core.Config.Plugin => ({
  'upstash-cache': {
    // PLAYGROUND_CACHE=off starts the same site without the plugin, to compare the two.
    enabled: env('PLAYGROUND_CACHE') !== 'off',
    // Every option has a default. To change some, for example:
    //   config: { ttl: '10 m', rules: [{ contentType: 'api::comment.comment', ttl: '1 m' }] }
    // UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN come from the environment; without them the
    // entries stay in the memory of this process.
    config: {},
  },
  'users-permissions': {
    config: { jwtSecret: secret(env, 'JWT_SECRET') },
  },
});

export default config;
