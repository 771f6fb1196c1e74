import { describe, expect, it } from 'vitest';
import config, { resolveConfig } from '../../../server/src/config';

const mistakes = (input: unknown): string[] => {
  try {
    resolveConfig(input);
  } catch (error) {
    const [title, ...lines] = (error as Error).message.split('\n');
    expect(title).toBe('wrong options in config/plugins:');
    return lines;
  }
  throw new Error('nothing was wrong');
};

const DURATION = 'allowed: seconds as a number above 0, or a text such as "10 s", "5 m", "1 h"';
const PATH = 'allowed: a path pattern such as "/api/articles/:id"';
const SELECTOR =
  'allowed: exactly one of contentType, path or handler, saying which responses the rule is for';

describe('a wrong option is named with what was given and what is allowed', () => {
  it.each<[string, object, string]>([
    ['a negative ttl', { ttl: -5 }, `  ttl: got -5 (number); ${DURATION}`],
    ['a ttl of 0', { ttl: 0 }, `  ttl: got 0 (number); ${DURATION}`],
    ['a ttl that is no duration', { ttl: 'soon' }, `  ttl: got "soon" (string); ${DURATION}`],
    ['a ttl of another type', { ttl: true }, `  ttl: got true (boolean); ${DURATION}`],
    ['a ttl of null', { ttl: null }, `  ttl: got null (object); ${DURATION}`],
    ['a list', { ttl: [60] }, `  ttl: got [60] (list); ${DURATION}`],
    ['a function', { ttl: () => 60 }, `  ttl: got a function; ${DURATION}`],
    ['a flag that is a text', { enabled: 'yes' }, '  enabled: got "yes" (string); allowed: true or false'],
    [
      'a choice',
      { store: 'disk' },
      '  store: got "disk" (string); allowed: "auto", "memory", "upstash" or "redis"',
    ],
    [
      'a size below the least',
      { memory: { maxSize: 100 } },
      '  memory.maxSize: got 100 (number); allowed: bytes as a number of at least 65536, or a text such as "64 MB"',
    ],
    [
      'a section that is none',
      { memory: '64 MB' },
      '  memory: got "64 MB" (string); allowed: an object with maxSize',
    ],
    [
      'a length beyond the most',
      { query: { maxUrlLength: 20_000 } },
      '  query.maxUrlLength: got 20000 (number); allowed: a whole number of characters from 64 to 16384',
    ],
    [
      'a prefix with a space',
      { prefix: 'my app' },
      '  prefix: got "my app" (string); allowed: letters, digits, "-", "_", "." and ":", 1 to 64 of them',
    ],
    [
      'one of a list',
      { query: { ignore: ['ref', 'a b'] } },
      '  query.ignore[1]: got "a b" (string); allowed: a query parameter name, or a prefix and "*", such as "utm_*"',
    ],
    [
      'a malformed pattern',
      { rules: [{ path: 'api/articles' }] },
      `  rules[0].path: got "api/articles" (string); ${PATH}: a path pattern starts with "/"`,
    ],
    [
      'a pattern that is a regular expression',
      { rules: [{ path: '/api/(a|b)' }] },
      `  rules[0].path: got "/api/(a|b)" (string); ${PATH}: "(a|b)" holds a regular expression character; only "*", "**" and ":name" are special`,
    ],
    [
      'two selectors in a rule',
      { rules: [{ path: '/api/a', contentType: 'api::a.a' }] },
      `  rules[0]: got {"path":"/api/a","contentType":"api::a.a"} (object); ${SELECTOR}`,
    ],
    ['a rule for nothing', { rules: [{ ttl: 5 }] }, `  rules[0]: got {"ttl":5} (object); ${SELECTOR}`],
    [
      'a content type that is none',
      { rules: [{ contentType: 'article' }] },
      '  rules[0].contentType: got "article" (string); allowed: a content type uid such as "api::article.article"',
    ],
    [
      'rules that are no list',
      { rules: { path: '/api/a' } },
      '  rules: got {"path":"/api/a"} (object); allowed: a list of rules such as { contentType: "api::article.article", ttl: "5 m" }',
    ],
    [
      'the header of a rule',
      { rules: [{ path: '/api/a', keyedHeaders: ['accept language'] }] },
      '  rules[0].keyedHeaders[0]: got "accept language" (string); allowed: a request header name such as "accept-language"',
    ],
    [
      'the whole',
      [] as object,
      '  config: got list (not shown); allowed: an object with the options of the plugin',
    ],
  ])('%s', (_what, input, line) => {
    expect(mistakes(input)).toEqual([line]);
  });

  it('each of several', () => {
    expect(mistakes({ ttl: -1, store: 'disk', rules: [{ path: '/a', ttl: 0 }] })).toHaveLength(3);
  });

  it('and a long value is cut short', () => {
    const [line = ''] = mistakes({ ttl: 'x'.repeat(500) });
    expect(line).toMatch(/^ {2}ttl: got "x{76}\.\.\. \(string\)/);
  });
});

describe('an unknown option', () => {
  it.each([
    [{ tttl: 5 }, '  tttl: unknown option; did you mean "ttl"?; allowed: enabled, ttl, prefix'],
    [{ TTL: 5 }, '  TTL: unknown option; did you mean "ttl"?'],
    [{ rulez: [] }, '  rulez: unknown option; did you mean "rules"?'],
    [
      { memory: { maxsize: 1 } },
      '  memory.maxsize: unknown option; did you mean "maxSize"?; allowed: maxSize',
    ],
    [
      { rules: [{ path: '/a', keydHeaders: [] }] },
      '  rules[0].keydHeaders: unknown option; did you mean "keyedHeaders"?; allowed: contentType, path',
    ],
  ])('that is nearly one is put right: %j', (input, line) => {
    expect(mistakes(input)[0]).toContain(line);
  });

  it('that is like none gets no advice', () => {
    const [line] = mistakes({ somethingElse: 1 });
    expect(line).toMatch(/^ {2}somethingElse: unknown option; allowed: enabled, ttl, /);
  });
});

describe('a secret', () => {
  it.each([
    [{ upstash: { token: 12345 } }, '12345'],
    [{ upstash: { url: ['https://user:pass@db.example'] } }, 'pass'],
    [{ upstash: { token: ['very-secret'] } }, 'very-secret'],
    [{ upstash: 'https://db.example token=very-secret' }, 'very-secret'],
    [{ redis: 'rediss://user:very-secret@db.example' }, 'very-secret'],
    [['very-secret'] as object, 'very-secret'],
    [{ redis: { uri: 'rediss://user:very-secret@db.example' } }, 'very-secret'],
  ])('is not repeated: %j', (input, secret) => {
    const text = mistakes(input).join('\n');
    expect(text).not.toContain(secret);
    expect(text).toContain('allowed:');
  });
});

describe('resolveConfig', () => {
  it('needs nothing', () => {
    const resolved = resolveConfig(undefined);
    expect(resolved).toMatchObject({
      enabled: true,
      ttl: 3_600_000,
      prefix: 'strapi',
      store: 'auto',
      memory: { maxSize: 64 * 1024 * 1024 },
      maxEntrySize: 1024 * 1024,
      lookup: 'auto',
      query: { maxUrlLength: 2048 },
      headers: { xCache: true, cacheStatus: true },
      rules: [],
    });
    expect(resolved).toEqual(resolveConfig({}));
  });

  it('gives durations in milliseconds, sizes in bytes and header names in lower case', () => {
    const resolved = resolveConfig({
      ttl: '5 m',
      memory: { maxSize: '1 MB' },
      rules: [{ path: '/api/a', ttl: 7, keyedHeaders: ['Accept-Language'] }],
    });
    expect(resolved).toMatchObject({
      ttl: 300_000,
      memory: { maxSize: 1_048_576 },
      rules: [{ ttl: 7000, keyedHeaders: ['accept-language'] }],
    });
  });

  it('is frozen in depth', () => {
    const resolved = resolveConfig({ rules: [{ path: '/api/a' }] });
    for (const part of [resolved, resolved.memory, resolved.rules, resolved.rules[0]])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('does not change what it was given', () => {
    const given = { rules: [{ path: '/api/a', keyedHeaders: ['X-A'] }] };
    resolveConfig(given);
    expect(given).toEqual({ rules: [{ path: '/api/a', keyedHeaders: ['X-A'] }] });
    expect(Object.isFrozen(given)).toBe(false);
  });
});

describe('the environment', () => {
  const from = (variables: Record<string, string>): unknown => {
    const env = Object.assign((name: string): string | undefined => variables[name], {
      int: () => undefined,
    });
    return config.default({ env });
  };

  it.each<[Record<string, string>, object]>([
    [{}, {}],
    [{ CACHE_TTL_SECONDS: '60' }, { ttl: 60 }],
    [{ CACHE_TTL_SECONDS: ' 5 m ' }, { ttl: '5 m' }],
    [{ CACHE_TTL_SECONDS: '' }, {}],
    [{ CACHE_KEY_PREFIX: 'shop' }, { prefix: 'shop' }],
    [{ CACHE_REDIS_URL: 'redis://localhost' }, { redis: { url: 'redis://localhost' } }],
    [
      { UPSTASH_REDIS_REST_URL: 'https://a', UPSTASH_REDIS_REST_TOKEN: 'b' },
      { upstash: { url: 'https://a', token: 'b' } },
    ],
    [{ UPSTASH_REDIS_REST_TOKEN: 'b' }, { upstash: { token: 'b' } }],
  ])('%j gives %j', (variables, options) => {
    expect(from(variables)).toEqual(options);
  });

  it('is validated like any option', () => {
    expect(() => config.validator(from({ CACHE_TTL_SECONDS: 'soon' }))).toThrow('ttl: got "soon"');
  });
});
