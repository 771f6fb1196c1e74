import { createRequire } from 'node:module';
import path from 'node:path';

type Settings = Record<string, unknown>;
type Factory = Settings | ((params: unknown) => Settings);

/**
 * Gives the plugin the options of `DIFFERENTIAL_CACHE_CONFIG` (JSON), and has Strapi load the build of this working
 * copy wherever node_modules lies. The files of the playground stay as they are.
 */
export function configureCache(distDir: string): void {
  const { DIFFERENTIAL_CACHE_CONFIG: given, DIFFERENTIAL_PLUGIN: resolve } = process.env;
  const require = createRequire(path.join(distDir, 'index.js'));
  const file = require.resolve('./config/plugins.js');
  const { default: original } = require(file) as { default: Factory };
  const loaded = require.cache[file];
  if (!loaded) throw new Error(`${file} was not loaded`);
  const changed = (params: unknown): Settings => {
    const plugins = typeof original === 'function' ? original(params) : original;
    const own = plugins['upstash-cache'] as Settings;
    const config = given ? (JSON.parse(given) as Settings) : own.config;
    return { ...plugins, 'upstash-cache': { ...own, config, ...(resolve && { resolve }) } };
  };
  loaded.exports = { __esModule: true, default: changed };
}
