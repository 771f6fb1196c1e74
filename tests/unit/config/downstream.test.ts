import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../server/src/config';

const mistakes = (input: unknown): string[] => {
  try {
    resolveConfig(input);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  throw new Error('nothing was wrong');
};

const RECEIVER = { url: 'https://www.example.com/hook', secret: 'a secret of both sides' };
const ADDRESS = 'an address such as "https://www.example.com/api/revalidate"';
const SECRET = 'allowed: a text of at least 16 characters that the receiver knows too';

const webhook = (change: object): object => ({ downstream: { webhooks: [{ ...RECEIVER, ...change }] } });

describe('a wrong option of compression, downstream, events or warmUp is named with what is allowed', () => {
  it.each<[string, object, string]>([
    [
      'a coding that is none',
      { compression: { codings: ['zstd'] } },
      'compression.codings[0]: got "zstd" (string); allowed: "br" or "gzip"',
    ],
    [
      'no coding',
      { compression: { codings: [] } },
      'compression.codings: got [] (list); allowed: a list of "br" and "gzip"; to send bodies as they are, set enabled to false',
    ],
    [
      'a size of 0',
      { compression: { minSize: 0 } },
      'compression.minSize: got 0 (number); allowed: bytes as a number of at least 1, or a text such as "64 MB"',
    ],
    [
      'a negative lifetime',
      { downstream: { browser: -1 } },
      'downstream.browser: got -1 (number); allowed: seconds as a number of 0 or more, or a text such as "10 s", "5 m", "1 h"',
    ],
    [
      'a CDN without a lifetime',
      { downstream: { cdn: {} } },
      'downstream.cdn.ttl: got nothing; allowed: seconds as a number above 0, or a text such as "10 s", "5 m", "1 h"',
    ],
    [
      'a field that is none',
      { downstream: { tagHeaders: ['X-Tags'] } },
      'downstream.tagHeaders[0]: got "X-Tags" (string); allowed: "Cache-Tag", "Edge-Cache-Tag", "Surrogate-Key" or "Cache-Groups"',
    ],
    [
      'an address that is none',
      webhook({ url: 'example.com' }),
      `downstream.webhooks[0].url: got text (not shown); allowed: ${ADDRESS}`,
    ],
    [
      'an address of a file',
      webhook({ url: 'file:///etc/passwd' }),
      `downstream.webhooks[0].url: got text (not shown); allowed: ${ADDRESS}; only http and https can be reached`,
    ],
    [
      'a password in an address',
      webhook({ url: 'https://a:b@example.com' }),
      `downstream.webhooks[0].url: got text (not shown); allowed: ${ADDRESS}; without a user name and a password`,
    ],
    [
      'a short secret',
      webhook({ secret: 'short' }),
      `downstream.webhooks[0].secret: got text (not shown); ${SECRET}`,
    ],
    ['no secret', webhook({ secret: undefined }), `downstream.webhooks[0].secret: got nothing; ${SECRET}`],
    [
      'a receiver that is a text',
      { downstream: { webhooks: ['https://example.com/?key=abc'] } },
      'downstream.webhooks[0]: got text (not shown); allowed: an object with url and secret',
    ],
    [
      'a rule that is no object',
      { rules: [{ path: '/api/a', downstream: true }] },
      'rules[0].downstream: got true (boolean); allowed: false, or an object with browser and cdn, such as { browser: 0, cdn: { ttl: "5 m" } }',
    ],
    [
      'an event that is none',
      { events: { misses: true } },
      'events.misses: unknown option; allowed: hits, fills, purges',
    ],
    [
      'too many at once',
      { warmUp: { concurrency: 11 } },
      'warmUp.concurrency: got 11 (number); allowed: a whole number from 1 to 10',
    ],
    [
      'half a URL',
      { warmUp: { count: 0.5 } },
      'warmUp.count: got 0.5 (number); allowed: a whole number from 1 to 1000',
    ],
    [
      'a misspelt option',
      { warmUp: { persecond: 1 } },
      'warmUp.persecond: unknown option; did you mean "perSecond"?; allowed: enabled, count, concurrency, perSecond, afterPurge, afterStart',
    ],
  ])('%s', (_what, input, line) => {
    expect(mistakes(input)).toEqual([`  ${line}`]);
  });

  it('never shows a secret', () => {
    expect(mistakes(webhook({ url: 'not an address, but a-secret-value' })).join()).not.toContain('a-secret');
  });
});

describe('what is not said of them', () => {
  it('compresses, and speaks to nobody outside', () => {
    expect(resolveConfig({})).toMatchObject({
      compression: { enabled: true, minSize: 1024, codings: ['br', 'gzip'] },
      downstream: { tagHeaders: [], maxTagLength: 2048, webhooks: [] },
      events: { hits: false, fills: false, purges: false },
      warmUp: {
        enabled: false,
        count: 50,
        concurrency: 2,
        perSecond: 10,
        afterPurge: true,
        afterStart: true,
      },
    });
  });

  it('sends paths to a receiver', () => {
    expect(resolveConfig(webhook({})).downstream.webhooks).toEqual([{ ...RECEIVER, paths: true }]);
  });
});
