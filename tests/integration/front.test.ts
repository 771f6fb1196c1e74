import type { Middleware } from 'koa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../support/credentials';
import { documents, purgeAll } from '../support/content';
import { ENDLESS_WINDOW } from '../support/endless-window';
import { lastingFields, type Answer } from '../support/http';
import { KeptConnection } from '../support/kept-connection';
import { runtimeOf } from '../support/runtime';
import { useSite } from '../support/strapi';

const URL = '/api/articles?populate=*&sort=title';
const ORIGIN = { origin: 'https://site.example' };
const SECRET = 'a secret of some length';
const TOKEN = { authorization: `Bearer ${tokens.readOnly.key}` };

/** Counts the requests for which Koa makes a context: what is written before it makes none. */
function contextsOf(app: { createContext: (...args: never[]) => unknown }): { count: number } {
  const seen = { count: 0 };
  const { createContext } = app;
  app.createContext = (...args: never[]) => {
    seen.count++;
    return createContext.apply(app, args);
  };
  return seen;
}

describe('a plain hit', () => {
  const site = useSite({
    cache: { bypassCookies: ['preview'], trustedCaller: { header: 'x-trusted', secret: SECRET } },
  });
  let contexts: { count: number };
  beforeEach(async () => {
    await purgeAll(site().strapi);
    contexts = contextsOf(site().strapi.server.app as never);
  });

  const askedKoa = async (headers: Record<string, string>): Promise<boolean> => {
    const before = contexts.count;
    const answer = await site().get(URL, headers);
    expect(answer.status).toBeLessThan(400);
    return contexts.count > before;
  };

  it.each([
    ['of the public', {}],
    ['of an API token', TOKEN],
  ])('%s is written before Koa is asked', async (_who, headers) => {
    expect(await askedKoa(headers)).toBe(true);
    expect(await askedKoa(headers)).toBe(false);
  });

  it('for an origin is written before Koa is asked, once the application has said what it thinks of it', async () => {
    const first = await site().get(URL, ORIGIN);
    await site().get(URL, ORIGIN);
    expect(await askedKoa(ORIGIN)).toBe(false);
    const answer = await site().get(URL, ORIGIN);
    expect(answer.header('access-control-allow-origin')).toBe(ORIGIN.origin);
    expect(lastingFields(answer)).toEqual(lastingFields(first));
  });

  it.each([
    ['whether it has changed', { 'if-none-match': '"x"' }],
    ['a checked answer, and is nobody', { 'cache-control': 'no-cache', pragma: 'no-cache' }],
  ])('is written before Koa is asked when somebody asks for %s', async (_what, headers) => {
    await askedKoa({});
    expect(await askedKoa(headers)).toBe(false);
  });

  it.each([
    ['a part of it', { range: 'bytes=0-10' }],
    ['what a cookie tells', { cookie: 'preview=1' }],
    ['a checked answer, and is trusted', { 'cache-control': 'no-cache', 'x-trusted': SECRET }],
  ])('is left to the stack when somebody asks for %s', async (_what, headers) => {
    await askedKoa({});
    expect(await askedKoa(headers)).toBe(true);
  });

  it('has no body for HEAD, and the same fields', async () => {
    await site().get(URL);
    const hit = await site().get(URL);
    const before = contexts.count;
    const head = await site().send(URL, { method: 'HEAD' });
    expect(contexts.count).toBe(before);
    expect(head.body).toHaveLength(0);
    expect(lastingFields(head)).toEqual(lastingFields(hit));
  });

  it.each([
    ['to everybody', {}],
    ['to an origin', ORIGIN],
  ])('is a 304 %s who has it, as the stack would say it', async (_who, more) => {
    await site().get(URL, more);
    const etag = (await site().get(URL, more)).header('etag') ?? '';
    const conditional = { ...more, 'if-none-match': etag };
    const before = contexts.count;
    const early = await site().get(URL, conditional);
    expect(contexts.count).toBe(before);
    const trusted = { ...conditional, 'cache-control': 'max-age=100', 'x-trusted': SECRET };
    const inKoa = await site().get(URL, trusted);
    expect(contexts.count).toBe(before + 1);
    expect([early, inKoa].map((it) => [it.status, it.header('x-cache'), it.body.length])).toEqual([
      [304, 'HIT', 0],
      [304, 'HIT', 0],
    ]);
    expect(lastingFields(early)).toEqual(lastingFields(inKoa));
    expect(early.header('etag')).toBe(etag);
    expect(early.header('access-control-allow-origin')).toBe((more as { origin?: string }).origin);
  });

  it('is not written any more once it was purged', async () => {
    await askedKoa({});
    await purgeAll(site().strapi);
    expect(await askedKoa({})).toBe(true);
  });
});

describe('a hit behind a rate limit', () => {
  const site = useSite({
    cache: { rateLimit: { policies: [{ name: 'few', quota: 3, window: ENDLESS_WINDOW }] } },
  });

  it('counts once, tells what is left, and is refused through the stack', async () => {
    const contexts = contextsOf(site().strapi.server.app as never);
    const remaining: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) remaining.push((await site().get(URL)).header('x-ratelimit-remaining'));
    expect(remaining).toEqual(['2', '1', '0']);
    expect(contexts.count).toBe(1); // the miss
    const refused = await site().get(URL, ORIGIN);
    expect(refused.status).toBe(429);
    expect(refused.header('access-control-allow-origin')).toBe(ORIGIN.origin);
  });
});

describe('a hit on a site with a middleware of its own in front of the cache', () => {
  let seen = 0;
  const counting: Middleware = (_ctx, next) => {
    seen++;
    return next() as Promise<unknown>;
  };
  const site = useSite({
    register: ({ strapi }) => void strapi.server.app.middleware.unshift(counting as never),
  });

  it('runs through it', async () => {
    await site().get(URL);
    const before = seen;
    const hit = await site().get(URL);
    expect(hit.header('x-cache')).toBe('HIT');
    expect(seen).toBe(before + 1);
  });
});

describe('a hit on a site where others listen to the server', () => {
  const heard: string[] = [];
  const site = useSite({
    bootstrap: ({ strapi }) => {
      let number = 0;
      strapi.server.httpServer.prependListener('request', (req, res) => {
        res.setHeader('X-Request-Number', String(++number));
        res.setHeader('X-Powered-By', 'a listener');
        for (const name of ['finish', 'close']) res.once(name, () => heard.push(name));
        req.once('close', () => heard.push('request close'));
      });
    },
  });

  it('keeps what they have set, and is written before Koa is asked', async () => {
    const miss = await site().get(URL);
    const contexts = contextsOf(site().strapi.server.app as never);
    const hits = [await site().get(URL), await site().get(URL)];
    expect(contexts.count).toBe(0);
    expect([miss, ...hits].map((it) => it.header('x-request-number'))).toEqual(['1', '2', '3']);
    const others = (answer: Answer): string[] =>
      lastingFields(answer).filter((field) => !field.startsWith('X-Request-Number'));
    for (const hit of hits) {
      expect(hit.header('x-cache')).toBe('HIT');
      expect(others(hit)).toEqual(others(miss));
      expect(hit.body.equals(miss.body)).toBe(true);
    }
  });

  it('tells them when it is over', async () => {
    heard.length = 0;
    await site().get(URL);
    await vi.waitFor(() => expect(heard.sort()).toEqual(['close', 'finish', 'request close']));
  });
});

describe('a hit on a site where somebody has put a function around the application', () => {
  let seen = 0;
  const site = useSite({
    register: ({ strapi }) => {
      const { app } = strapi.server;
      const callback = app.callback.bind(app);
      app.callback = () => {
        const handle = callback();
        return (req, res) => {
          seen++;
          return handle(req, res);
        };
      };
    },
  });

  it('runs through it', async () => {
    for (let i = 0; i < 3; i++) await site().get(URL);
    expect(seen).toBe(3);
  });
});

describe('hits on a kept connection', () => {
  const site = useSite();
  const PATH = '/api/tags?sort=name';
  const request = (more = ''): string => `GET ${PATH} HTTP/1.1\r\nHost: site\r\n${more}\r\n`;
  const connections: KeptConnection[] = [];
  const connect = async (): Promise<KeptConnection> => {
    const to = await KeptConnection.to(site().origin);
    connections.push(to);
    return to;
  };
  afterEach(() => connections.splice(0).forEach((it) => it.close()));

  it('come whole and in order when they are asked for at once', async () => {
    const to = await connect();
    const { body } = await to.ask(request());
    const asked = Array.from({ length: 20 }, (_, i) => request(i % 3 === 0 ? 'Range: bytes=0-5\r\n' : ''));
    const answers = await to.ask(asked.join(''), asked.length);
    expect(answers.map((it) => it.header('x-cache'))).toEqual(
      asked.map((_, i) => (i % 3 === 0 ? 'BYPASS' : 'HIT')),
    );
    expect(new Set(answers.map((it) => it.body))).toEqual(new Set([body]));
  });

  it('are none any more the moment their content changes', async () => {
    const to = await connect();
    const tags = documents(site().strapi, 'api::tag.tag');
    const { documentId } = await tags.create({ data: { name: 'AAA before', slug: 'aaa' } });
    expect((await to.ask(request())).body).toContain('AAA before');
    for (let i = 0; i < 3; i++) expect((await to.ask(request())).header('x-cache')).toBe('HIT');
    await tags.update({ documentId, data: { name: 'AAA after' } });
    const after = await to.ask(request());
    expect(after.header('x-cache')).toBe('MISS');
    expect(after.body).toContain('AAA after');
    await tags.delete({ documentId });
  });

  it('let a body pass that came with the request', async () => {
    const to = await connect();
    await to.ask(request());
    for (const answer of await to.ask(request('Content-Length: 5\r\n') + 'hello' + request(), 2))
      expect(answer.header('x-cache')).toBe('HIT');
  });

  it('end the connection when the client asks for that', async () => {
    const to = await connect();
    await to.ask(request());
    const answer = await to.ask(request('Connection: close\r\n'));
    expect([answer.header('x-cache'), answer.header('connection')]).toEqual(['HIT', 'close']);
  });
});

describe('an error while a hit is looked up', () => {
  const site = useSite();

  it('leaves the request to the stack and does not end the process', async () => {
    await site().get(URL);
    const look = vi.spyOn(runtimeOf(site().strapi).store, 'here').mockImplementationOnce(() => {
      throw new Error('made for this test');
    });
    const answer = await site().get(URL);
    expect(look).toHaveBeenCalled();
    expect(answer.status).toBe(200);
    expect(answer.header('x-cache')).toBe('HIT');
  });
});
