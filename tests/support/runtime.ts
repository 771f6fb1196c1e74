import { subscribe } from 'node:diagnostics_channel';
import type { Core } from '@strapi/strapi';
import type { Runtime } from '../../server/src/services/runtime';

const running = new Map<Core.Strapi, Runtime>();

subscribe('upstash-cache.runtime', (message) => {
  const runtime = message as Runtime;
  running.set(runtime.strapi, runtime);
});

/** The parts of the plugin in a running site. */
export function runtimeOf(strapi: Core.Strapi): Runtime {
  const runtime = running.get(strapi);
  if (!runtime) throw new Error('the plugin does not run in this site');
  return runtime;
}
