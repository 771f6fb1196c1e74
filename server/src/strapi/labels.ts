import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';

const SECRET_NAME = /token|secret|passw|signature|api[-_]?key|^code$/i;

const MOST_CHARACTERS = 512;
/** Names of parameters remembered. */
const MOST_NAMES = 1000;

type Showing = 'whole' | 'name' | 'not';

/** URLs for people: without ignored parameters, values of secret-looking names left out. */
export class Labels {
  private readonly known = new LRUCache<string, Showing>({ max: MOST_NAMES });

  constructor(private readonly ignored: (name: string) => boolean) {}

  of({ url, path, querystring }: Context): string {
    const shown: string[] = [];
    for (const pair of querystring.split('&')) {
      if (pair === '') continue;
      const end = pair.indexOf('=');
      const name = end === -1 ? pair : pair.slice(0, end);
      const showing = this.showing(name);
      if (showing !== 'not') shown.push(showing === 'whole' ? pair : `${name}=***`);
    }
    if (shown.length === 0) return path.slice(0, MOST_CHARACTERS);
    const query = shown.join('&');
    // most often the URL as it is, which is kept anyway
    if (query === querystring && url.length <= MOST_CHARACTERS && url.startsWith(path)) return url;
    return `${path}?${query}`.slice(0, MOST_CHARACTERS);
  }

  private showing(name: string): Showing {
    let showing = this.known.get(name);
    if (showing !== undefined) return showing;
    const ignored = this.ignored(decode(name.split('[', 1)[0] ?? ''));
    showing = ignored ? 'not' : SECRET_NAME.test(decode(name)) ? 'name' : 'whole';
    this.known.set(name, showing);
    return showing;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
