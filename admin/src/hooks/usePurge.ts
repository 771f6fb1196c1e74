import { useState } from 'react';
import { useAPIErrorHandler, useFetchClient, useNotification } from '@strapi/strapi/admin';
import type { Answer, PurgePreview, PurgeRequest, PurgeResult } from '../../../server/src/contracts';
import { PLUGIN_ID } from '../pluginId';
import { useFormats } from './useFormats';
import { useText } from './useText';

export interface Purge {
  readonly isPurging: boolean;
  /** @returns null when it failed; the notification has said why */
  purge(request: PurgeRequest): Promise<PurgeResult | null>;
  /** @throws what the server answers to a request that cannot be carried out */
  preview(request: PurgeRequest): Promise<PurgePreview>;
}

/** Purges and says with numbers what came of it. */
export function usePurge(): Purge {
  const { post } = useFetchClient();
  const { toggleNotification } = useNotification();
  const { formatAPIError } = useAPIErrorHandler();
  const text = useText();
  const formats = useFormats();
  const [isPurging, setPurging] = useState(false);
  return {
    isPurging,
    preview: async (request) => {
      const { data } = await post<Answer<PurgePreview>>(`/${PLUGIN_ID}/purge/preview`, request);
      return data.data;
    },
    purge: async (request) => {
      setPurging(true);
      try {
        const { data } = await post<Answer<PurgeResult>>(`/${PLUGIN_ID}/purge`, request);
        const { entries, took, delivered } = data.data;
        toggleNotification({
          type: delivered ? 'success' : 'warning',
          message: delivered
            ? text('purge.done', { count: entries, took: formats.span(took) })
            : text('purge.undelivered', { count: entries }),
        });
        return data.data;
      } catch (error) {
        const message = formatAPIError(error as Parameters<typeof formatAPIError>[0]);
        toggleNotification({ type: 'danger', message });
        return null;
      } finally {
        setPurging(false);
      }
    },
  };
}
