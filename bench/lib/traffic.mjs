/** Lists of about 10 KB that differ in what they show: 200 windows of articles, and then in 24 orders. */
export const articleLists = (count) =>
  Array.from({ length: count }, (_, n) => `${list('articles', n % 200)}${order(n)}`);

/** The same of another type, to be read while articles are published. */
export const noteLists = (count) => Array.from({ length: count }, (_, n) => list('notes', n));

const list = (type, start) => `/api/${type}?populate=*&pagination[start]=${start}&pagination[limit]=4`;

const SORTED = ['title', 'slug', 'summary', 'rating', 'createdAt', 'updatedAt', 'publishedAt'];
const ORDERS = SORTED.flatMap((first) =>
  SORTED.filter((it) => it !== first).map((then) => `&sort[0]=${first}&sort[1]=${then}`),
);
const order = (n) => (n < 200 ? '' : ORDERS[Math.floor(n / 200) - 1]);

const ORIGINS = ['https://www.example.com', 'https://shop.example.com', 'https://example.org'];

/**
 * Requests as a proxy in front of many visitors sends them: each with another address, trace id and browser.
 * They are the same in every run.
 * @param options.urls the first ones are asked for most (Zipf, exponent 1)
 * @param options.requests how many different ones are made
 * @param options.addresses of visitors; one for each request where nothing is said
 * @param options.tokens API tokens; each request has one of them
 * @param options.matching share of requests with the entity tag that `tagOf` has for their URL
 * @param options.origins share of requests with an `Origin`
 * @param options.encoding their `Accept-Encoding`
 * @param options.close true asks for a connection of its own
 * @param options.same true makes one request without anything of this
 */
export function makeTraffic({ urls, requests = 4000, same = false, ...options }) {
  if (same) return [{ path: urls[0], headers: { Host } }];
  const random = randomFrom(1);
  const pick = zipf(urls, random);
  const { addresses = requests, tokens, matching = 0, origins = 0, encoding, close = false, tagOf } = options;
  return Array.from({ length: requests }, (_, n) => {
    const path = pick();
    const headers = {
      Host,
      'User-Agent': browser(Math.floor(random() * 400)),
      Accept: 'application/json, text/plain, */*',
      'X-Forwarded-For': address(n % addresses),
      traceparent: `00-${hex(random, 32)}-${hex(random, 16)}-01`,
    };
    if (encoding) headers['Accept-Encoding'] = encoding;
    if (tokens) headers.Authorization = `Bearer ${tokens[Math.floor(random() * tokens.length)]}`;
    if (random() < origins) headers.Origin = ORIGINS[n % ORIGINS.length];
    if (random() < matching && tagOf) headers['If-None-Match'] = tagOf(path);
    if (close) headers.Connection = 'close';
    return { path, headers };
  });
}

const Host = 'cms.example.com';

/** The bytes of a request. */
export const textOf = ({ path, headers }) =>
  `GET ${path} HTTP/1.1\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

const address = (n) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;

const browser = (n) =>
  `Mozilla/5.0 (${['Windows NT 10.0; Win64; x64', 'X11; Linux x86_64'][n % 2]}) AppleWebKit/537.36 ` +
  `(KHTML, like Gecko) Chrome/${100 + (n % 40)}.0.${n}.0 Safari/537.36`;

const hex = (random, length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');

function zipf(values, random) {
  const sums = [];
  values.reduce((sum, _, n) => (sums[n] = sum + 1 / (n + 1)), 0);
  return () => {
    const at = random() * sums.at(-1);
    let [low, high] = [0, values.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < at) low = middle + 1;
      else high = middle;
    }
    return values[low];
  };
}

/** Mulberry32: the same numbers in every run. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
