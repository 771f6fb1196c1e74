import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import { secretList } from '../src/utils/secrets';

const appDir = path.resolve(__dirname, '..', '..');

const config = ({ env }: Core.Config.Shared.ConfigParams): Core.Config.Server => {
  const publicDir = path.resolve(appDir, env('PUBLIC_DIR', 'public'));
  // The local upload provider refuses to start without its folder.
  mkdirSync(path.join(publicDir, 'uploads'), { recursive: true });

  return {
    host: env('HOST', '127.0.0.1'),
    port: env.int('PORT', 1337),
    app: { keys: secretList(env, 'APP_KEYS') },
    dirs: { public: publicDir },
    logger: { updates: { enabled: false } },
  };
};

export default config;
