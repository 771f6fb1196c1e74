import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConnection } from '../../server/src/stores/connection-check';
import { createRemoteStore, type RemoteTarget } from '../../server/src/stores/create-remote-store';
import { RemoteError } from '../../server/src/stores/driver';
import { RedisDriver } from '../../server/src/stores/redis-driver';
import { systemTime } from '../../server/src/stores/system-time';
import { redisAddress, upstashAddress } from '../../server/src/stores/upstash-address';
import { UpstashDriver } from '../../server/src/stores/upstash-driver';
import { TestRedis } from '../support/bridge';

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start({ readOnlyToken: 'reader' });
});
afterAll(() => redis.stop());

const SECRET = 'AXs3cr3tT0ken';

describe('settings', () => {
  it.each([
    [undefined, SECRET, 'UPSTASH_REDIS_REST_URL is missing, although UPSTASH_REDIS_REST_TOKEN is set.'],
    ['', SECRET, 'UPSTASH_REDIS_REST_URL is missing'],
    [
      'https://a.upstash.io',
      undefined,
      'UPSTASH_REDIS_REST_TOKEN is missing, although UPSTASH_REDIS_REST_URL is set.',
    ],
    ['https://a.upstash.io', '  ', 'UPSTASH_REDIS_REST_TOKEN is missing'],
    ['a.upstash.io', SECRET, 'UPSTASH_REDIS_REST_URL must be a URL'],
    ['ftp://a.upstash.io', SECRET, 'UPSTASH_REDIS_REST_URL must be a URL'],
    ['"https://a.upstash.io"', SECRET, 'UPSTASH_REDIS_REST_URL must be a URL'],
    [
      'rediss://default:pw@a.upstash.io:6379',
      SECRET,
      'UPSTASH_REDIS_REST_URL is the address for TCP connections',
    ],
    ['https://a.upstash.io', `"${SECRET}"`, 'UPSTASH_REDIS_REST_TOKEN holds quotes'],
    ['https://a.upstash.io', `${SECRET}\nX=1`, 'UPSTASH_REDIS_REST_TOKEN holds quotes'],
  ])('%s with %s are refused by the name of the variable', (url, token, message) => {
    expect(() => upstashAddress(url, token)).toThrow(message);
    try {
      upstashAddress(url, token);
    } catch (error) {
      expect(String(error)).not.toContain(SECRET);
      expect(String(error)).not.toContain('pw');
    }
  });

  it('that are both missing are no settings', () => {
    expect(upstashAddress(undefined, '')).toBeNull();
  });

  it('lose the line break that comes with copying', () => {
    expect(upstashAddress(' https://a.upstash.io\n', `${SECRET}\n`)).toEqual({
      url: 'https://a.upstash.io',
      token: SECRET,
    });
  });

  it('of a redis over TCP are checked', () => {
    expect(redisAddress('rediss://default:pw@host:6380/1')).toBe('rediss://default:pw@host:6380/1');
    expect(() => redisAddress('https://host:pw')).toThrow('REDIS_URL must be an address such as redis://');
  });
});

describe('first contact', () => {
  const check = async (target: RemoteTarget) => {
    const store = createRemoteStore(target, { prefix: 'app', maxBytes: 100_000 });
    const result = await store.verifyConnection();
    await store.close();
    return result;
  };

  it.each(['upstash', 'redis'])('with %s succeeds', async (kind) => {
    const target = kind === 'upstash' ? redis.credentials : { redisUrl: redis.redisUrl };
    expect(await check(target)).toEqual({ ok: true, roundTrip: expect.any(Number) });
  });

  it('with a wrong token is an error that names the variable', async () => {
    const result = await check({ ...redis.credentials, token: SECRET });
    expect(result).toMatchObject({ ok: false, level: 'error' });
    expect(JSON.stringify(result)).toContain('UPSTASH_REDIS_REST_TOKEN');
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('with a read-only token is an error that says so', async () => {
    const result = await check({ ...redis.credentials, token: 'reader' });
    expect(result).toMatchObject({
      ok: false,
      level: 'error',
      message: expect.stringContaining('read-only'),
    });
  });

  it.each([
    ['upstash', { url: 'http://127.0.0.1:9', token: SECRET }],
    ['redis', { redisUrl: 'redis://:hunter2@127.0.0.1:9' }],
  ])('with a %s that is not there is a warning', async (_kind, target) => {
    const result = await check(target);
    expect(result).toMatchObject({
      ok: false,
      level: 'warning',
      message: expect.stringContaining('cannot be reached'),
    });
    expect(JSON.stringify(result)).not.toMatch(/hunter2|AXs3/);
  });

  it('with a page instead of Redis is a warning', async () => {
    redis.bridge.fault = () => ({ kind: 'answer', status: 404, body: '<html>' });
    const result = await check(redis.credentials);
    redis.bridge.fault = null;
    expect(result).toMatchObject({ ok: false, level: 'warning', message: expect.stringContaining('404') });
  });

  it('with a wrong password over TCP is an error', async () => {
    await redis.raw('CONFIG', 'SET', 'requirepass', 'right');
    try {
      for (const redisUrl of [redis.redisUrl, redis.redisUrl.replace('//', '//:hunter2@')]) {
        const result = await check({ redisUrl });
        expect(result).toMatchObject({
          ok: false,
          level: 'error',
          message: expect.stringContaining('password'),
        });
        expect(JSON.stringify(result)).not.toContain('hunter2');
      }
    } finally {
      await redis.raw('CONFIG', 'SET', 'requirepass', '');
    }
  });

  it('without the client library says what to install', async () => {
    const driver = new RedisDriver(redis.redisUrl, () =>
      Promise.reject(
        new RemoteError('missing', 'a redis:// address needs the package "ioredis": npm install ioredis'),
      ),
    );
    const result = await checkConnection(driver, { prefix: 'app', time: systemTime, patience: 1000 });
    expect(result).toMatchObject({
      ok: false,
      level: 'error',
      message: expect.stringContaining('npm install ioredis'),
    });
  });
});

describe('errors', () => {
  it('hold the command and never its arguments', async () => {
    const driver = new UpstashDriver({ ...redis.credentials, deadline: 1000, backgroundDeadline: 1000 });
    const secret = 'v4lue';
    await redis.raw('SET', 'text', secret);
    const attempts = [
      () => driver.command(['NOSUCH', secret, secret], 'lookup'),
      () => driver.command(['ZADD', 'text', 1, secret], 'lookup'),
      () => driver.command(['EVAL', `return redis.call('${secret}')`, 0], 'lookup'),
      () => driver.write('k', Buffer.from(secret), -5),
    ];
    for (const attempt of attempts) {
      const error = await attempt().then(
        () => null,
        (reason: unknown) => reason as Error,
      );
      expect(error).toBeInstanceOf(RemoteError);
      expect(`${error?.message}${error?.stack}`).not.toContain(secret);
    }
    await driver.close();
  });

  it('come without retries', async () => {
    redis.bridge.fault = () => ({ kind: 'drop' });
    const before = redis.bridge.stats.http;
    const driver = new UpstashDriver({ ...redis.credentials, deadline: 1000, backgroundDeadline: 1000 });
    await expect(driver.command(['PING'], 'lookup')).rejects.toThrow(RemoteError);
    await expect(driver.read('k')).rejects.toThrow(RemoteError);
    redis.bridge.fault = null;
    expect(redis.bridge.stats.http - before).toBe(2);
    await driver.close();
  });
});
