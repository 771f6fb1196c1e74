import type { Context } from 'koa';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LimitsService } from '../../server/src/services';
import { cacheOf, documents, purgeAll } from '../support/content';
import { tokens } from '../support/credentials';
import { ENDLESS_WINDOW } from '../support/endless-window';
import { addRoutes, readTags } from '../support/routes';
import { runtimeOf } from '../support/runtime';
import { useSite, type Site } from '../support/strapi';
import { until } from '../support/until';

const LIST = '/api/articles?pagination[pageSize]=3&sort=title';
const RARE = '/api/articles?pagination[pageSize]=4&sort=title';

/** What the cache holds now, without asking for it as a visitor. */
const held = (site: Site): string[] => {
  const { store } = runtimeOf(site.strapi);
  return [...store.entries()].filter((it) => store.isValid(it)).map((it) => it.label);
};

const visit = async (site: Site, url: string, times: number, headers = {}): Promise<void> => {
  for (let i = 0; i < times; i++) await site.get(url, headers);
};

const rename = async (site: Site): Promise<void> => {
  const articles = documents(site.strapi, 'api::article.article');
  const { documentId } = await articles.findFirst({ status: 'published' });
  await articles.update({ documentId, data: { title: '0 Warm again' } });
  await articles.publish({ documentId });
};

describe('a site that warms up', () => {
  const asked: string[] = [];
  const site = useSite({
    cache: {
      warmUp: { enabled: true, count: 1, perSecond: 100 },
      rateLimit: { policies: [{ name: 'few', quota: 30, window: ENDLESS_WINDOW }] },
    },
    register: ({ strapi }) =>
      addRoutes(strapi, 'asked', [
        {
          path: '/asked',
          handler: async (ctx: Context) => {
            await readTags(strapi);
            asked.push(String(ctx.get('authorization')));
            ctx.body = { asked: true };
          },
        },
      ]),
  });
  beforeEach(async () => {
    const limits = site().strapi.plugin('upstash-cache').service('limits') as LimitsService;
    await limits.reset('few', 'ip:127.0.0.1');
  });

  it('refills after a purge what was used most, and no more than it may', async () => {
    await visit(site(), LIST, 5);
    await visit(site(), RARE, 2);
    await rename(site());
    expect(held(site())).not.toContain(LIST);
    await until('the list is back', () => held(site()).includes(LIST));
    expect(held(site())).not.toContain(RARE);
    const answer = await site().get(LIST);
    expect(answer.header('x-cache')).toBe('HIT');
    expect(answer.body.toString()).toContain('Warm again');
  });

  it('refills after a purge of everything', async () => {
    await visit(site(), LIST, 9);
    await purgeAll(site().strapi);
    await until('the list is back', () => held(site()).includes(LIST));
  });

  it('asks for nobody who showed a credential', async () => {
    const headers = { authorization: `Bearer ${tokens.fullAccess.key}` };
    await visit(site(), '/api/asked', 12, headers);
    await visit(site(), LIST, 5);
    const before = asked.length;
    await purgeAll(site().strapi);
    await until('the list is back', () => held(site()).includes(LIST));
    expect(asked).toHaveLength(before);
  });

  it('takes nothing from the quota of visitors', async () => {
    await visit(site(), LIST, 5);
    await purgeAll(site().strapi);
    await until('the list is back', () => held(site()).includes(LIST));
    expect((await site().get(LIST)).header('ratelimit')).toMatch(/^"few";r=24;/);
  });
});

describe('a site that was warm when it stopped', () => {
  const key = { key: 'plugin_upstash-cache_urls:strapi' };
  const warm = { warmUp: { enabled: true, perSecond: 100 } };
  const site = useSite({
    cache: warm,
    bootstrap: async ({ strapi }) => {
      const value = JSON.stringify([LIST]);
      await strapi.db.query('strapi::core-store').create({ data: { ...key, value, type: 'object' } });
    },
  });

  it('asks for the most used URLs of its last life once it listens', async () => {
    await until('the list is there', () => held(site()).includes(LIST));
    expect((await site().get(LIST)).header('x-cache')).toBe('HIT');
  });

  it('remembers them in its database when it stops, and purges nothing by that', async () => {
    await visit(site(), RARE, 20);
    const purges = cacheOf(site().strapi).history().length;
    await runtimeOf(site().strapi).outward.warmUp?.stop();
    const row = (await site().strapi.db.query('strapi::core-store').findOne({ where: key })) as {
      value: string;
    };
    expect((JSON.parse(row.value) as string[]).slice(0, 2)).toEqual([RARE, LIST]);
    expect(cacheOf(site().strapi).history()).toHaveLength(purges);
  });
});

describe('a site that was not told to warm up', () => {
  const site = useSite();

  it('makes no requests of its own', async () => {
    await visit(site(), LIST, 5);
    await purgeAll(site().strapi);
    expect(runtimeOf(site().strapi).outward.warmUp).toBeNull();
    expect((await site().get(LIST)).header('x-cache')).toBe('MISS');
  });
});
