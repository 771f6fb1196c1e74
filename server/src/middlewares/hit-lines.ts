import { validateHeaderValue } from 'node:http';
import type { Entry } from '../core/entry';
import { sharedTexts } from '../core/shared-texts';
import { ageOf, dateOf, lastingFields, lengthOf, relayed, statusOf, type ReplyHeaders } from './hit-fields';
import type { MadeHead } from './made-head';
import { fieldLines } from './message-head';

/** What a hit says in its head. */
export interface HitHead {
  /** What Node must know of. The list is for this entry alone, and not to be changed. */
  readonly length: string[];
  /** Everything else, as `fieldLines` writes it. Good for the tick in which it was asked for. */
  readonly lines: string;
  /** What was made of these lines to send them; null where they are new. */
  made: MadeHead | null;
}

interface Prepared extends HitHead {
  age: number;
  lines: string;
  readonly lasting: string;
  /** What caches before this one have said. */
  readonly relayed: string;
}

/** Heads of hits as text: what stays is put together once per entry, what changes once a second. */
export class HitLines {
  private readonly plain = new WeakMap<Entry, Prepared>();
  private readonly forOrigins = new WeakMap<Entry, Prepared | null>();

  constructor(private readonly show: ReplyHeaders) {}

  of(entry: Entry, now: number): HitHead {
    let prepared = this.plain.get(entry);
    if (!prepared) this.plain.set(entry, (prepared = this.prepare(entry, entry.headers)));
    return this.aged(prepared, entry, now);
  }

  /**
   * The same without what `strapi::cors` has said to the fill, which had no `Origin`: for its answer to an actual one.
   * @param ofFill fields by their names in lower case
   * @returns null where that answer cannot simply be put beside the others
   */
  forOrigin(entry: Entry, now: number, ofFill: ReadonlyMap<string, string>): HitHead | null {
    let prepared = this.forOrigins.get(entry);
    if (prepared === undefined) {
      const headers = withoutCors(entry.headers, ofFill);
      prepared = headers && this.prepare(entry, headers);
      this.forOrigins.set(entry, prepared);
    }
    return prepared && this.aged(prepared, entry, now);
  }

  private prepare(entry: Entry, headers: readonly string[]): Prepared {
    const [own, common] = split(lastingFields(headers, this.show));
    // most entries of a site have the same fields: together these are longer than all else that is kept of one
    const lasting = sharedTexts.one(fieldLines(common)) + fieldLines([...own, 'Date', dateOf(entry)]);
    const members = this.show.cacheStatus ? relayed(entry.headers) : '';
    validateHeaderValue('Cache-Status', members);
    return {
      age: -1,
      length: lengthOf(entry),
      lines: '',
      made: null,
      lasting,
      relayed: members,
    };
  }

  private aged(prepared: Prepared, entry: Entry, now: number): HitHead {
    const age = ageOf(entry, now);
    if (prepared.age !== age) {
      prepared.age = age;
      const { cacheStatus, xCache } = this.show;
      let lines = `Age: ${age}\r\n`;
      if (cacheStatus) lines += `Cache-Status: ${prepared.relayed}${statusOf(entry, now, 'HIT')}\r\n`;
      if (xCache) lines += 'X-Cache: HIT\r\n';
      prepared.lines = lines + prepared.lasting;
      prepared.made = null;
    }
    return prepared;
  }
}

/** Fields that differ from response to response. */
const OF_ONE_RESPONSE =
  /^(?:etag|last-modified|link|content-.*|cache-tag|edge-cache-tag|surrogate-key|cache-groups)$/i;

/** The fields of one response, and those that it has in common with others. */
function split(headers: readonly string[]): [own: string[], common: string[]] {
  const [own, common]: [string[], string[]] = [[], []];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const [name = '', value = ''] = [headers[i], headers[i + 1]];
    (OF_ONE_RESPONSE.test(name) ? own : common).push(name, value);
  }
  return [own, common];
}

/** @returns null when CORS fields are left that are not from the fill, or `Vary` does not name the origin yet */
function withoutCors(headers: readonly string[], ofFill: ReadonlyMap<string, string>): string[] | null {
  const left: string[] = [];
  let varies = false;
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = [headers[i], headers[i + 1]];
    const lower = name.toLowerCase();
    if (ofFill.get(lower) === value) continue;
    if (lower.startsWith('access-control-')) return null;
    varies ||= lower === 'vary' && /(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(value);
    left.push(name, value);
  }
  return varies ? left : null;
}
