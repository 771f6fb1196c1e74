import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { STRAPI_DEFAULT, withOwnEntries } from '../../../server/src/strapi/stack';

const LIMITS = 'plugin::upstash-cache.rate-limit-outer';
const REFUSAL = 'plugin::upstash-cache.rate-limit';
const PURGES = 'plugin::upstash-cache.purges';
const LOOKUP = 'plugin::upstash-cache.lookup';

const PLAIN = ['strapi::logger', 'strapi::errors', 'strapi::security', 'strapi::cors', 'strapi::body'];

describe('the entries of the plugin in config.middlewares', () => {
  it('stand first on a plain stack', () => {
    expect(withOwnEntries(PLAIN, false)).toEqual([LOOKUP, PURGES, ...PLAIN]);
  });

  it.each([
    ['an entry of the application', 'global::own'],
    ['a named entry', { name: 'global::own', config: {} }],
    ['a file', { resolve: './src/middlewares/own' }],
    ['a function', () => undefined],
    ['an entry of another plugin', 'plugin::other.own'],
    ['strapi::ip', { name: 'strapi::ip', config: { whitelist: [] } }],
  ])('stand behind %s', (_what, entry) => {
    const given = [entry, 'strapi::errors', entry, 'strapi::body'];
    expect(withOwnEntries(given, false)).toEqual([
      PURGES,
      entry,
      'strapi::errors',
      entry,
      LOOKUP,
      'strapi::body',
    ]);
  });

  it('begin with the rate limits, which answer refusals behind errors and CORS, before the body is parsed', () => {
    expect(withOwnEntries(PLAIN, true)).toEqual([
      LIMITS,
      LOOKUP,
      PURGES,
      ...PLAIN.slice(0, 4),
      REFUSAL,
      'strapi::body',
    ]);
    const given = ['strapi::errors', { name: 'strapi::cors', config: {} }, 'global::own', 'strapi::body'];
    expect(withOwnEntries(given, true)).toEqual([
      LIMITS,
      PURGES,
      ...given.slice(0, 2),
      REFUSAL,
      'global::own',
      LOOKUP,
      'strapi::body',
    ]);
  });

  it('have no place for refusals where errors are not answered', () => {
    expect(withOwnEntries(['strapi::cors', 'strapi::body'], true)).not.toContain(REFUSAL);
  });

  it('leave the list of the application as it is', () => {
    const given = [...PLAIN];
    withOwnEntries(given, true);
    expect(given).toEqual(PLAIN);
  });
});

describe('the list for an application without config/middlewares', () => {
  it('is the one that Strapi has', () => {
    const strapi = createRequire(import.meta.url).resolve('@strapi/core/package.json');
    const file = path.join(path.dirname(strapi), 'dist/services/server/register-middlewares.js');
    const list = /const defaultConfig = (\[[^\]]*\])/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    expect([...list.matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual(STRAPI_DEFAULT);
  });
});
