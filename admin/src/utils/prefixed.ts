import { PLUGIN_ID } from '../pluginId';

/** Translations under the names that all plugins share one space with. */
export const prefixed = (data: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([id, text]) => [`${PLUGIN_ID}.${id}`, text]));
