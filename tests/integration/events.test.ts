import { describe, expect, it } from 'vitest';
import { cacheOf, documents } from '../support/content';
import { useSite } from '../support/strapi';

const URL = '/api/articles?pagination[pageSize]=3';
const NAMES = ['upstash-cache.hit', 'upstash-cache.fill', 'upstash-cache.purge'];

interface Told {
  readonly name: string;
  readonly event: Record<string, unknown>;
}

describe.each([
  ['that asks for them', { hits: true, fills: true, purges: true }],
  ['that asks for some', { hits: false, fills: true, purges: false }],
  ['that does not ask for them', undefined],
])('the event hub of a site %s', (_whose, events) => {
  const told: Told[] = [];
  const site = useSite({
    cache: { ...(events && { events }) },
    bootstrap: ({ strapi }) => {
      for (const name of NAMES)
        strapi.eventHub.on(name, async (event: Told['event']) => {
          told.push({ name, event });
        });
    },
  });
  const ofName = (name: string): Told['event'][] =>
    told.filter((it) => it.name === `upstash-cache.${name}`).map((it) => it.event);

  it('is told of fills', async () => {
    await site().get(URL);
    const expected = { url: URL, route: '/api/articles', bytes: expect.any(Number) as number };
    expect(ofName('fill')).toEqual(events?.fills ? [expect.objectContaining(expected)] : []);
  });

  it('is told of hits', async () => {
    await site().get(URL);
    const expected = { url: URL, route: '/api/articles', stale: false };
    expect(ofName('hit')).toEqual(events?.hits ? [expect.objectContaining(expected)] : []);
  });

  it('is told of purges, with what caused them', async () => {
    told.length = 0;
    const articles = documents(site().strapi, 'api::article.article');
    const { documentId } = await articles.findFirst({});
    await articles.update({ documentId, data: { summary: 'Told' } });
    const cause = { source: 'document', action: 'update', documentId, all: false };
    expect(ofName('purge')).toEqual(events?.purges ? [expect.objectContaining(cause)] : []);
  });

  it('works on when a listener fails', async () => {
    for (const name of NAMES) site().strapi.eventHub.on(name, () => Promise.reject(new Error('mine')));
    await cacheOf(site().strapi).purge({ all: true });
    await site().get(URL);
    expect((await site().get(URL)).header('x-cache')).toBe('HIT');
  });
});
