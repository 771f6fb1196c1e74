import type { RequestListener } from 'node:http';
import type { Core } from '@strapi/strapi';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StatsSummary } from '../../server/src/core/stats/summary';
import type { StatsService } from '../../server/src/services/stats';
import { documents, purgeAll } from '../support/content';
import { ENDLESS_WINDOW } from '../support/endless-window';
import { KeptConnection } from '../support/kept-connection';
import { runtimeOf } from '../support/runtime';
import { useSite, type Site } from '../support/strapi';

const TAG = 'api::tag.tag';
const PATH = '/api/tags?sort=name';
const head = (fields = ''): string => `GET ${PATH} HTTP/1.1\r\nHost: site\r\n${fields}\r\n`;
const HIT = head();
/** More than it takes until a connection is known to repeat itself. */
const OFTEN = 60;

const connections: KeptConnection[] = [];
afterEach(() => connections.splice(0).forEach((it) => it.close()));

/** A connection that has asked for the same again and again. */
async function repeating({ origin }: Site, request = HIT): Promise<KeptConnection> {
  const to = await KeptConnection.to(origin);
  connections.push(to);
  for (let i = 0; i < OFTEN; i++) await to.ask(request);
  return to;
}

/** Counts what Node has read, in the place of the one who listens for requests. */
function countReads({ server: { httpServer } }: Core.Strapi): { count: number } {
  const read = { count: 0 };
  const [listener] = httpServer.listeners('request') as RequestListener[];
  httpServer.removeAllListeners('request').on('request', (req, res) => {
    read.count++;
    void listener?.(req, res);
  });
  return read;
}

describe('a repeated hit', () => {
  const site = useSite({ cache: { events: { hits: true } } });
  let read: { count: number };
  beforeEach(async () => {
    await purgeAll(site().strapi);
    read ??= countReads(site().strapi);
  });
  const summary = (): StatsSummary =>
    (site().strapi.plugin('upstash-cache').service('stats') as StatsService).summary('1h');

  it('is answered before Node has read the request, as any other', async () => {
    const to = await repeating(site());
    const before = read.count;
    const answer = await to.ask(HIT);
    expect(read.count).toBe(before);
    expect(answer.header('x-cache')).toBe('HIT');
    expect(JSON.parse(answer.body)).toEqual((await site().get(PATH)).json());
  });

  it('counts', async () => {
    const to = await repeating(site());
    const before = summary().totals.hits;
    for (let i = 0; i < 5; i++) await to.ask(HIT);
    expect(summary().totals.hits).toBe(before + 5);
  });

  it('tells those who listen for the events of the cache', async () => {
    const to = await repeating(site());
    const heard: unknown[] = [];
    const leave = site().strapi.eventHub.subscribe(async (name) => void heard.push(name));
    await to.ask(HIT);
    leave();
    expect(heard).toEqual(['upstash-cache.hit']);
  });

  it('is none any more the moment its content changes', async () => {
    const to = await repeating(site());
    const { documentId } = await documents(site().strapi, TAG).create({
      data: { name: 'AAA before', slug: 'aaa' },
    });
    const filled = await to.ask(HIT);
    expect(filled.header('x-cache')).toBe('MISS');
    expect(filled.body).toContain('AAA before');
    for (let i = 0; i < 3; i++) expect((await to.ask(HIT)).header('x-cache')).toBe('HIT');
    await documents(site().strapi, TAG).update({ documentId, data: { name: 'AAA after' } });
    const after = await to.ask(HIT);
    expect(after.header('x-cache')).toBe('MISS');
    expect(after.body).toContain('AAA after');
    await documents(site().strapi, TAG).delete({ documentId });
  });

  it('says to an origin what strapi::cors says', async () => {
    const request = head('Origin: https://site.example\r\n');
    const to = await repeating(site(), request);
    const before = read.count;
    const answer = await to.ask(request);
    expect(read.count).toBe(before);
    expect(answer.header('access-control-allow-origin')).toBe('https://site.example');
    expect((await to.ask(HIT)).text).not.toContain('site.example');
  });

  it('is left to the stack where looking it up fails', async () => {
    const to = await repeating(site());
    const look = vi.spyOn(runtimeOf(site().strapi).store, 'here').mockImplementation(() => {
      throw new Error('made for this test');
    });
    const answer = await to.ask(HIT);
    look.mockRestore();
    expect(answer.status).toBe(200);
  });

  it('of one who asks whether it has changed is Node’s', async () => {
    const to = await repeating(site());
    const etag = (await to.ask(HIT)).header('etag');
    const before = read.count;
    expect((await to.ask(head(`If-None-Match: ${etag}\r\n`))).status).toBe(304);
    expect((await to.ask(HIT)).status).toBe(200);
    expect(read.count).toBe(before + 2);
  });
});

describe('a repeated hit behind a rate limit', () => {
  const quota = OFTEN + 5;
  const site = useSite({
    cache: { rateLimit: { policies: [{ name: 'few', quota, window: ENDLESS_WINDOW }] } },
  });

  it('counts once, tells what is left, and is refused by the stack', async () => {
    const to = await repeating(site());
    const left: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) left.push((await to.ask(HIT)).header('x-ratelimit-remaining'));
    expect(left).toEqual(['4', '3', '2', '1', '0']);
    for (let i = 0; i < 3; i++) {
      const refused = await to.ask(HIT);
      expect(refused.status).toBe(429);
      expect(JSON.parse(refused.body)).toMatchObject({ error: { name: 'RateLimitError' } });
    }
    const [policy] = runtimeOf(site().strapi).limiting?.limits.stats(Date.now()) ?? [];
    expect(policy?.hours.map(({ allowed, limited }) => [allowed, limited])).toEqual([[quota, 3]]);
  });
});

describe('a site where somebody else wants to see every request', () => {
  let seen = 0;

  describe('by a listener to the server', () => {
    const site = useSite();

    it('has Node read all of them, from then on', async () => {
      const to = await repeating(site());
      site().strapi.server.httpServer.on('request', () => void seen++);
      const before = seen;
      for (let i = 0; i < 5; i++) await to.ask(HIT);
      expect(seen).toBe(before + 5);
    });
  });

  describe('by a function around the application', () => {
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

    it('has Node read all of them', async () => {
      const to = await repeating(site());
      const before = seen;
      for (let i = 0; i < 5; i++) await to.ask(HIT);
      expect(seen).toBe(before + 5);
    });
  });
});
