import { channel } from 'node:diagnostics_channel';
import type { Core } from '@strapi/strapi';
import { resolveConfig } from './config';
import { PLUGIN_ID } from './plugin-id';
import { Runtime } from './services/runtime';
import { setRuntime } from './services/runtimes';

export default ({ strapi }: { strapi: Core.Strapi }): void => {
  const config = resolveConfig(strapi.config.get(`plugin::${PLUGIN_ID}`, {}));
  if (!config.enabled) {
    strapi.log.info('[upstash-cache] switched off by the option "enabled"');
    return;
  }
  const runtime = new Runtime(strapi, config);
  setRuntime(strapi, runtime);
  runtime.register();
  channel('upstash-cache.runtime').publish(runtime); // for tests and debuggers; nobody listens in production
};
