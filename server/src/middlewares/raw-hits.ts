import type { IncomingMessage } from 'node:http';
import type { Entry } from '../core/entry';
import type { HitResponse, Served } from './hit-response';
import type { CachingParts } from './parts';
import type { Surroundings } from './surroundings';

/** Hits where nothing of the application stands outside of the lookup: they go to the response as they are. */
export class RawHits {
  constructor(
    private readonly deps: Pick<CachingParts, 'replies' | 'codings'>,
    private readonly surroundings: Surroundings,
  ) {}

  /** @returns null where the application's own CORS or compression has to be run for this request */
  prepare(req: IncomingMessage, entry: Entry, now: number, served: Served): HitResponse | null {
    const { surroundings } = this;
    const { codings, replies } = this.deps;
    const { origin } = req.headers;
    const cross = origin !== undefined && surroundings.readsOrigins;
    const cors = cross ? surroundings.corsAnswer(origin) : null;
    if (cross && cors === null) return null;
    const shown = codings ? codings.shown(req.headers, entry) : entry;
    if (shown === entry && !surroundings.keepsBodies) return null;
    return replies.for(req).hits.of(shown, req, now, served, cors);
  }
}
