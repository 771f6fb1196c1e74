import { useEffect, useRef, useState } from 'react';
import { useAPIErrorHandler } from '@strapi/strapi/admin';
import type { PurgePreview, PurgeRequest } from '../../../../server/src/contracts';
import type { Purge } from '../../hooks/usePurge';

const PAUSE_MS = 300;

export interface Preview {
  readonly preview: PurgePreview | null;
  readonly error: string | undefined;
}

const NONE: Preview = { preview: null, error: undefined };

/** What a purge would drop, asked for while the form is filled in. */
export function usePreview(request: PurgeRequest | null, ask: Purge['preview']): Preview {
  const { formatAPIError } = useAPIErrorHandler();
  const tools = useRef({ ask, formatAPIError });
  const [state, setState] = useState<Preview>(NONE);
  const wanted = JSON.stringify(request);
  useEffect(() => {
    setState(NONE);
    const asked = JSON.parse(wanted) as PurgeRequest | null;
    if (asked === null) return;
    let over = false;
    const timer = setTimeout(() => {
      tools.current.ask(asked).then(
        (preview) => !over && setState({ preview, error: undefined }),
        (error: unknown) => {
          const say = tools.current.formatAPIError;
          if (!over) setState({ preview: null, error: say(error as Parameters<typeof say>[0]) });
        },
      );
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return state;
}
