import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from './plugin-id';

/** What an administrator may do, as Strapi's roles know it. The server checks it on every route. */
export const ACTIONS = {
  read: `plugin::${PLUGIN_ID}.read`,
  purge: `plugin::${PLUGIN_ID}.purge`,
  resetLimits: `plugin::${PLUGIN_ID}.reset-limits`,
  configuration: `plugin::${PLUGIN_ID}.configuration`,
} as const;

const DISPLAY_NAMES: readonly (readonly [action: string, displayName: string])[] = [
  ['read', 'See statistics, entries and purges'],
  ['purge', 'Purge'],
  ['reset-limits', 'Reset rate limits'],
  ['configuration', 'See the configuration'],
];

interface ActionProvider {
  registerMany(actions: readonly object[]): Promise<unknown>;
}

/** In `bootstrap`: makes the actions known, so that roles can be given them. */
export async function registerActions(strapi: Core.Strapi): Promise<void> {
  const { actionProvider } = strapi.service('admin::permission') as unknown as {
    actionProvider: ActionProvider;
  };
  await actionProvider.registerMany(
    DISPLAY_NAMES.map(([uid, displayName]) => ({
      section: 'plugins',
      pluginName: PLUGIN_ID,
      subCategory: 'cache',
      uid,
      displayName,
    })),
  );
}
