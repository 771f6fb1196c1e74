import type { Core } from '@strapi/strapi';
import { AsyncSlot } from './async-slot';

type RequestContext = Core.Strapi['requestContext'];
type Context = ReturnType<RequestContext['get']>;

const storage = new AsyncSlot<Context>();

/** Where every `AsyncLocalStorage` is part of one value that follows the code, none of them has a price of its own. */
const isFree = (version: string): boolean => Number(version.split('.')[0]) >= 24;

/**
 * Has `strapi.requestContext` keep the context of the request in the storage that the trackers use, so that this plugin
 * adds none to the process: each costs every promise of every request. What it does for its callers stays the same
 * (`@strapi/core/dist/services/request-context.js`). Call before the first request: Strapi's own storage costs nothing
 * as long as nothing was put into it.
 * @param version of Node
 */
export function shareRequestContext(strapi: Core.Strapi, version = process.versions.node): void {
  if (isFree(version)) return;
  const { requestContext } = strapi;
  // asynchronous in Strapi as well: an error of the callback is a rejection
  requestContext.run = async (context, callback) => storage.run(context, callback);
  requestContext.get = () => storage.get();
}
