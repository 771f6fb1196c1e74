import { useCallback } from 'react';
import { useIntl, type PrimitiveType } from 'react-intl';
import { PLUGIN_ID } from '../pluginId';
import en from '../translations/en.json';

export type TextId = keyof typeof en;
export type Text = (id: TextId, values?: Record<string, PrimitiveType>) => string;

/** A text for a place that wants a descriptor, such as the menu. */
export const textOf = (id: TextId): { id: string; defaultMessage: string } => ({
  id: `${PLUGIN_ID}.${id}`,
  defaultMessage: en[id],
});

export const isTextId = (id: string): id is TextId => id in en;

/** Texts in the language of the admin panel; English where a language has none. */
export function useText(): Text {
  const { formatMessage } = useIntl();
  return useCallback((id, values) => formatMessage(textOf(id), values), [formatMessage]);
}
