import { describe, expect, it, vi } from 'vitest';
import { MemoryLimiter } from '../../../server/src/limiters/memory';
import { decide, passes, settle } from './decisions';
import { facts, rateLimit } from './facts';

describe('which requests a policy counts', () => {
  const one = (more: object, deps = {}) =>
    rateLimit({ policies: [{ name: 'p', quota: 3, window: 60, ...more }] }, deps);

  it('by default all of the content API and GraphQL, and nothing else', () => {
    expect(passes(one({}))).toBe(3);
    expect(passes(one({}), facts({ path: '/graphql', method: 'POST' }))).toBe(3);
    for (const path of ['/admin/init', '/uploads/a.png', '/_health', '/'])
      expect(passes(one({}), facts({ path }))).toBe(100);
  });

  it('HEAD as GET, and no CORS preflight', () => {
    const limits = one({ methods: ['GET'] });
    expect(passes(limits, facts({ method: 'HEAD' }), 2)).toBe(2);
    expect(passes(limits)).toBe(1);
    expect(passes(limits, facts({ method: 'POST' }))).toBe(100);
    expect(passes(one({}), facts({ method: 'OPTIONS', preflight: true }))).toBe(100);
    expect(passes(one({}), facts({ method: 'OPTIONS' }))).toBe(3);
  });

  it('paths however they are written', () => {
    const limits = one({ paths: ['/api/articles/**'] });
    const paths = ['/api/articles/1', '/API/articles/', '/api/%61rticles', '//api/articles/1'];
    for (const [index, path] of paths.entries())
      expect(decide(limits, facts({ path })).allowed, path).toBe(index < 3);
    expect(passes(limits, facts({ path: '/api/pages' }))).toBe(100);
  });

  it('content types by their routes', () => {
    const contentTypeOf = (_method: string, path: string) =>
      path.startsWith('/api/art') ? 'api::article.article' : null;
    const limits = one({ contentTypes: ['api::article.article'] }, { contentTypeOf });
    expect(passes(limits)).toBe(3);
    expect(passes(limits, facts({ path: '/api/pages' }))).toBe(100);
  });

  it('nobody on the skip lists', () => {
    const limits = rateLimit({
      skip: { addresses: ['10.0.0.0/8'] },
      policies: [
        {
          name: 'p',
          quota: 1,
          window: 60,
          skip: { paths: ['/api/status'], when: (it) => it.header('x-probe') === 'yes' },
        },
      ],
    });
    expect(passes(limits, facts({ address: '10.1.2.3' }))).toBe(100);
    expect(passes(limits, facts({ path: '/api/status' }))).toBe(100);
    expect(passes(limits, facts({ headers: { 'x-probe': 'yes' } }))).toBe(100);
    expect(passes(limits)).toBe(1);
  });
});

describe('whom a policy counts', () => {
  const user = (id: string, roles: string[] = []) => ({ kind: 'user', id, roles }) as const;
  const token = (id: string, name: string) => ({ kind: 'token', id, name }) as const;

  it('addresses, IPv6 by /64', () => {
    const limits = rateLimit({ policies: [{ name: 'p', quota: 3, window: 60 }] });
    const rotating = Array.from({ length: 50 }, (_, i) =>
      facts({ address: `2001:db8::${i.toString(16)}:1` }),
    );
    expect(rotating.filter((it) => decide(limits, it).allowed)).toHaveLength(3);
    expect(passes(limits, facts({ address: '2001:db8:0:1::1' }))).toBe(3);
  });

  it('verified users, and everybody else by address', () => {
    const limits = rateLimit({ policies: [{ name: 'p', quota: 3, window: 60, by: 'user' }] });
    expect(passes(limits, facts({ caller: user('1') }))).toBe(3);
    expect(passes(limits, facts({ caller: user('2') }))).toBe(3);
    expect(passes(limits, facts({ caller: token('1', 'site') }), 2)).toBe(2);
    expect(passes(limits)).toBe(1);
  });

  it('with quotas by who asks', () => {
    const quota = {
      anonymous: 2,
      authenticated: 4,
      roles: { editor: 6 },
      tokens: { site: 8, trusted: false },
    } as const;
    for (const by of ['caller', 'ip'] as const) {
      const limits = rateLimit({ policies: [{ name: 'p', quota, window: 60, by }] });
      expect(passes(limits, facts({ caller: user('1') }))).toBe(4);
      expect(passes(limits, facts({ caller: user('2', ['editor']) }))).toBe(6);
      expect(passes(limits, facts({ caller: token('1', 'site') }))).toBe(8);
      expect(passes(limits, facts({ caller: token('2', 'trusted') }))).toBe(100);
      expect(passes(limits, facts({ caller: token('3', 'constructor') }))).toBe(by === 'ip' ? 0 : 4);
      expect(passes(limits)).toBe(2);
    }
  });

  it('headers and functions by digest, and an address without them', () => {
    const limits = rateLimit({
      policies: [
        { name: 'guard', quota: 1000, window: 60 },
        { name: 'client', quota: 2, window: 60, by: { header: 'X-Client-Id' } },
        { name: 'tenant', quota: 3, window: 60, by: (it) => it.header('x-tenant') },
      ],
    });
    const client = facts({ headers: { 'x-client-id': 'secret', 'x-tenant': 'a' } });
    const decision = decide(limits, client);
    expect(JSON.stringify(decision.charges.map((it) => it.partition))).not.toContain('secret');
    expect(passes(limits, client)).toBe(1);
    expect(passes(limits, facts({ headers: { 'x-client-id': 'other', 'x-tenant': 'a' } }))).toBe(1);
    expect(passes(limits)).toBe(2);
  });
});

describe('functions in the configuration', () => {
  const broken = (): never => {
    throw new Error('oops');
  };

  it('that throw cost nobody an answer, and are told once', () => {
    const warn = vi.fn();
    const policies = [
      { name: 'guard', quota: 1000, window: 60 },
      { name: 'own', quota: 3, window: 60, by: broken, skip: { when: broken } },
    ];
    const limits = rateLimit({ policies }, { warn });
    expect(passes(limits)).toBe(3);
    expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
      'the function "skip.when" of the rate limit "own" threw: Error: oops',
      'the function "by" of the rate limit "own" threw: Error: oops',
    ]);
  });

  it('that give a promise by mistake count and skip nobody specially', () => {
    const later = (async () => true) as unknown as () => boolean;
    const policies = [{ name: 'p', quota: 3, window: 60, skip: { when: later } }];
    expect(passes(rateLimit({ policies }))).toBe(3);
  });
});

describe('memory', () => {
  it('stays bounded whatever addresses come', () => {
    const limiter = new MemoryLimiter(1000);
    const limits = rateLimit({ policies: [{ name: 'p', quota: 1, window: 60, hits: 0.5 }] }, { limiter });
    for (let i = 0; i < 20_000; i++)
      settle(
        limits,
        decide(limits, facts({ address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` })),
        'miss',
      );
    expect(limiter.partitions).toBe(1000);
  });

  it('knows who comes again among more visitors than are remembered by address', () => {
    const limits = rateLimit({ policies: [{ name: 'p', quota: 2, window: 60 }] });
    const visit = (i: number) =>
      decide(limits, facts({ address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` })).allowed;
    const passed = [1, 2, 3].map(() => {
      let allowed = 0;
      for (let i = 0; i < 12_000; i++) if (visit(i)) allowed++;
      return allowed;
    });
    expect(passed).toEqual([12_000, 12_000, 0]);
  });
});
