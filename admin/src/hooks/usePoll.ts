import { useCallback, useEffect, useRef, useState } from 'react';
import { useFetchClient } from '@strapi/strapi/admin';
import type { Answer } from '../../../server/src/contracts';
import { PLUGIN_ID } from '../pluginId';

export interface Polled<T> {
  /** The last answer; it stays while the next one is asked for, or cannot be had. */
  readonly data: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly refresh: () => void;
}

/**
 * Asks a route of the plugin again and again while the page is visible. What is on screen stays until there is
 * something newer, whatever is asked for.
 * @param path behind `/upstash-cache`; null asks nothing
 * @param interval milliseconds between an answer and the next question; 0 asks once
 */
export function usePoll<T>(path: string | null, interval: number): Polled<T> {
  const client = useRef(useFetchClient());
  const [state, setState] = useState<{ data: T | null; error: unknown }>({ data: null, error: null });
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((it) => it + 1), []);

  useEffect(() => {
    if (path === null) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      if (!over && interval > 0) timer = setTimeout(ask, interval);
    };
    const ask = (): void => {
      clearTimeout(timer);
      if (document.hidden) return later();
      client.current
        .get<Answer<T>>(`/${PLUGIN_ID}${path}`)
        .then(({ data }) => !over && setState({ data: data.data, error: null }))
        .catch((error: unknown) => !over && setState((last) => ({ data: last.data, error })))
        .finally(later);
    };
    const seen = (): void => {
      if (!document.hidden) ask();
    };
    ask();
    document.addEventListener('visibilitychange', seen);
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [path, interval, round]);

  return { ...state, isLoading: state.data === null && state.error === null, refresh };
}
