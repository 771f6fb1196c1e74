import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../server/src/core/entry';
import { HitResponses, writeHit, type ReplyHeaders } from '../../../server/src/middlewares/hit-response';
import { send } from '../../support/http';

const NOW = 1_800_000_000_000;

const entry = (over: Partial<Entry> = {}): Entry => ({
  key: 'key',
  label: '/api/tags',
  principal: 'public',
  status: 200,
  headers: [
    'Content-Type',
    'application/json',
    'ETag',
    'W/"a"',
    'Vary',
    'Origin',
    'Link',
    '<a>',
    'Link',
    '<b>',
  ],
  body: Buffer.from('{}'),
  tags: [],
  storedAt: NOW,
  freshUntil: NOW + 60_000,
  grace: null,
  cost: 1,
  seq: 1,
  checked: 0,
  ...over,
});

const asking = (headers: IncomingMessage['headers'] = {}, method = 'GET'): IncomingMessage =>
  ({ method, headers }) as IncomingMessage;

const hits = (show: ReplyHeaders = { xCache: true, cacheStatus: true }): HitResponses =>
  new HitResponses(show);

describe('the fields of a hit', () => {
  it('begin with its age, and end with the length of its body', () => {
    const hit = hits().of(entry(), asking(), NOW + 5_400, 'HIT', null);
    expect(hit?.fields.slice(0, 8)).toEqual([
      ...['Age', '5', 'Date', new Date(NOW).toUTCString()],
      ...['Cache-Status', 'Strapi; hit; ttl=54', 'X-Cache', 'HIT'],
    ]);
    expect(hit?.fields.slice(-2)).toEqual(['Content-Length', '2']);
  });

  it('are one list for as long as the entry says the same, and change with its age', () => {
    const responses = hits();
    const stored = entry();
    const at = (ms: number) => responses.of(stored, asking(), NOW + ms, 'HIT', null)?.fields;
    const first = at(0);
    expect(first?.[1]).toBe('0');
    expect(at(999)).toBe(first);
    expect(first?.[5]).toBe('Strapi; hit; ttl=59');
    expect(at(1000)?.[1]).toBe('1');
  });

  it('say that it is stale where it is', () => {
    const grace = { revalidate: 30_000, error: 0, limit: NOW + 90_000, hardTags: 0 };
    const responses = hits();
    const stored = entry({ grace });
    expect(responses.of(stored, asking(), NOW, 'HIT', null)?.fields[7]).toBe('HIT');
    const { fields } = responses.of(stored, asking(), NOW + 61_000, 'STALE', null)!;
    expect(fields.slice(4, 8)).toEqual([
      ...['Cache-Status', 'Strapi; hit; ttl=-1; detail=stale-while-revalidate', 'X-Cache', 'STALE'],
    ]);
  });

  it('put what other caches have said before', () => {
    const relayed = entry({ headers: ['cache-status', 'Origin; hit', 'X-A', 'a'] });
    const { fields } = hits().of(relayed, asking(), NOW, 'HIT', null)!;
    expect(fields[5]).toBe('Origin; hit, Strapi; hit; ttl=60');
    expect(fields.filter((text) => text.toLowerCase() === 'cache-status')).toHaveLength(1);
    const shy = hits({ xCache: false, cacheStatus: false }).of(relayed, asking(), NOW, 'HIT', null)!;
    expect(shy.fields.slice(4, 6)).toEqual(['cache-status', 'Origin; hit']);
  });

  it('have no length where there may be none', () => {
    const empty = entry({ status: 204, body: Buffer.alloc(0) });
    expect(hits().of(empty, asking(), NOW, 'HIT', null)?.fields).not.toContain('Content-Length');
  });

  it('of a 304 are those that it repeats', () => {
    const hit = hits().of(entry(), asking({ 'if-none-match': '"a"' }), NOW, 'HIT', null);
    expect(hit).toMatchObject({ status: 304, body: undefined });
    expect(hit?.fields.slice(8)).toEqual(['ETag', 'W/"a"', 'Vary', 'Origin']);
  });

  it('for an origin are those of CORS in the place of what it has said to the fill', () => {
    const cors = {
      fields: ['Access-Control-Allow-Origin', 'https://a.example'],
      ofFill: new Map([['access-control-allow-origin', '']]),
    };
    const of = (headers: string[]) =>
      hits().of(entry({ headers }), asking(), NOW, 'HIT', cors)?.fields.slice(8) ?? null;
    const length = ['Content-Length', '2'];
    expect(of(['Access-Control-Allow-Origin', '', 'Vary', 'Origin'])).toEqual([
      ...['Vary', 'Origin', ...length],
      ...cors.fields,
    ]);
    // set by the handler, and without Vary: for the application's own middleware to decide
    expect(of(['Access-Control-Allow-Origin', '*', 'Vary', 'Origin'])).toBeNull();
    expect(of(['Vary', 'Accept'])).toBeNull();
  });

  it('have no body for HEAD', () => {
    expect(hits().of(entry(), asking({}, 'HEAD'), NOW, 'HIT', null)?.body).toBeUndefined();
  });
});

describe('a hit that is written', () => {
  let server: Server;
  afterEach(() => void server.close());

  const answerOf = async (listener: RequestListener) => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '/');
  };

  it.each([
    ['nobody', {}],
    ['somebody', { 'X-Own': 'own', Link: '<other>' }],
  ])('keeps all values of a name where %s has set fields on the response', async (_who, set) => {
    const answer = await answerOf((req, res) => {
      for (const [name, value] of Object.entries(set)) res.setHeader(name, value);
      writeHit(res, hits().of(entry(), req, NOW, 'HIT', null)!, ['RateLimit', 'a']);
    });
    expect(answer.header('link')).toBe('<a>, <b>');
    expect(answer.header('ratelimit')).toBe('a');
    expect(answer.header('x-own')).toBe((set as Record<string, string>)['X-Own']);
    expect(answer.header('date')).toBe(new Date(NOW).toUTCString());
    expect(answer.body.toString()).toBe('{}');
  });
});
