/** Numbers from 0 up to, not including, 1 that are the same in every run (Mulberry32). */
export const randomOf = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** What a request came to; the outcome is its `X-Cache`. */
const ask = async (url, headers) => {
  const begun = performance.now();
  const response = await fetch(url, { headers });
  const body = await response.text();
  return { outcome: response.headers.get('x-cache'), ms: performance.now() - begun, body };
};

/**
 * Readers of a playground: a few articles are read by many and most by few, front pages are read often, some links
 * carry tracking parameters, and some callers carry a token.
 */
export class Traffic {
  /** Requests by outcome: HIT, STALE, MISS, BYPASS, and `none` for answers without the header. */
  counts = { HIT: 0, STALE: 0, MISS: 0, BYPASS: 0, none: 0 };
  hitMs = [];
  missMs = [];

  constructor({ origin, random = Math.random, token = null }) {
    this.origin = origin;
    this.random = random;
    this.token = token;
    this.articles = [];
    this.authors = [];
  }

  /** Finds out what there is to be read. Counts like any other request. */
  async open() {
    const ids = async (path) => JSON.parse((await this.get(path)).body).data.map((it) => it.documentId);
    this.articles = await ids(
      '/api/articles?fields=documentId&sort=publishedOn:desc&pagination[pageSize]=60',
    );
    this.authors = await ids('/api/authors?fields=documentId&pagination[pageSize]=30');
  }

  async get(path, headers = {}) {
    const answer = await ask(this.origin + path, headers);
    const { outcome, ms } = answer;
    this.counts[outcome in this.counts ? outcome : 'none']++;
    if (outcome === 'HIT') this.hitMs.push(ms);
    if (outcome === 'MISS') this.missMs.push(ms);
    return answer;
  }

  /** So many requests, so many of them at the same time. */
  async send(requests, concurrency = 8) {
    let left = requests;
    const reader = async () => {
      while (left-- > 0) await this.one();
    };
    await Promise.all(Array.from({ length: concurrency }, reader));
  }

  /** Hits and stale hits among the requests that the cache was asked for, 0 to 1; null without any. */
  get hitRate() {
    const { HIT, STALE, MISS } = this.counts;
    const asked = HIT + STALE + MISS;
    return asked === 0 ? null : (HIT + STALE) / asked;
  }

  one() {
    const credentials =
      this.token && this.random() < 0.15 ? { authorization: `Bearer ${this.token}` } : undefined;
    return this.get(this.path(), credentials);
  }

  path() {
    const { random } = this;
    const dice = random();
    // the square of a random number: the first articles are read most
    const article = this.articles[Math.floor(random() ** 2 * this.articles.length)];
    const author = this.authors[Math.floor(random() ** 2 * this.authors.length)];
    const page = 1 + Math.floor(random() ** 3 * 6);
    const campaign =
      random() < 0.2 ? `&utm_source=newsletter&utm_campaign=${Math.floor(random() * 1e6)}` : '';
    if (dice < 0.42) return `/api/articles/${article}?populate=*${campaign}`;
    if (dice < 0.62)
      return `/api/articles?populate=*&sort=publishedOn:desc&pagination[page]=${page}${campaign}`;
    if (dice < 0.72) return '/api/homepage?populate=*';
    if (dice < 0.79) return '/api/categories?sort=name';
    if (dice < 0.85) return `/api/authors/${author}?populate=*`;
    if (dice < 0.9) return '/api/articles/featured';
    if (dice < 0.93) return '/api/site-setting?populate=*';
    if (dice < 0.95) return '/api/statistics';
    // nobody searches twice for the same
    if (dice < 0.98) return `/api/tags?filters[name][$containsi]=${Math.floor(random() * 1e9).toString(36)}`;
    return '/api/no-such-route';
  }
}
