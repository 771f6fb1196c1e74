import type { Core } from '@strapi/strapi';
import type { Runtime } from './runtime';

const running = new WeakMap<Core.Strapi, Runtime>();

export const setRuntime = (strapi: Core.Strapi, runtime: Runtime): void => void running.set(strapi, runtime);

/** @throws Error where the plugin is switched off, or before its `register` */
export function getRuntime(strapi: Core.Strapi): Runtime {
  const runtime = running.get(strapi);
  if (!runtime) throw new Error('upstash-cache is not running: it is disabled, or not registered yet');
  return runtime;
}

export const findRuntime = (strapi: Core.Strapi): Runtime | undefined => running.get(strapi);
