import { beforeEach, describe, expect, it } from 'vitest';
import { documents, purgeAll } from '../support/content';
import { addRoutes, readTags } from '../support/routes';
import { useSite, type Site } from '../support/strapi';

const shares = async (site: Site, first: string, second: string): Promise<boolean> => {
  await purgeAll(site.strapi);
  const filled = await site.get(first);
  if (filled.header('x-cache') !== 'MISS') throw new Error(`${first} was ${filled.header('x-cache')}`);
  return (await site.get(second)).header('x-cache') === 'HIT';
};

describe('two URLs', () => {
  const site = useSite();
  const LIST = '/api/articles';

  it.each([
    ['the order of parameters', '?sort=title&populate=author', '?populate=author&sort=title'],
    ['a campaign', '', '?utm_source=news&utm_campaign=spring'],
    ['a campaign beside a parameter', '?sort=title', '?gclid=1&sort=title&fbclid=2'],
    ['the way brackets are written', '?filters[title][$ne]=x', '?filters%5Btitle%5D%5B%24ne%5D=x'],
    ['the way a space is written', '?filters[title][$ne]=a+b', '?filters[title][$ne]=a%20b'],
    ['the order of populated names', '?populate[0]=author', '?populate[]=author'],
  ])('share an entry when they differ in %s', async (_what, first, second) => {
    expect(await shares(site(), LIST + first, LIST + second)).toBe(true);
  });

  it.each([
    ['the order of sorting', '?sort[0]=title&sort[1]=rating', '?sort[0]=rating&sort[1]=title'],
    ['a filter', '?filters[rating]=1', '?filters[rating]=2'],
    ['the operator of a filter', '?filters[rating][$gt]=1', '?filters[rating][$gte]=1'],
    ['a page', '?pagination[page]=1', '?pagination[page]=2'],
    ['the status', '', '?status=draft'],
    ['what is populated', '?populate=author', '?populate=category'],
    ['the fields', '?fields=title', '?fields=slug'],
  ])('do not share an entry when they differ in %s', async (_what, first, second) => {
    expect(await shares(site(), LIST + first, LIST + second)).toBe(false);
  });

  it('that populate the same in another order are answered in that order', async () => {
    const keys = async (names: string[]): Promise<string[]> => {
      const query = names.map((name) => `populate[${name}]=true`).join('&');
      const answer = await site().get(`${LIST}?${query}&pagination[pageSize]=1`);
      const [article = {}] = answer.json<{ data: object[] }>().data;
      return Object.keys(article).filter((key) => names.includes(key));
    };
    for (const names of [
      ['author', 'category', 'cover'],
      ['cover', 'author', 'category'],
    ])
      expect(await keys(names)).toEqual(names);
  });

  it('that name the same content in another case or with a slash are cached and purged alike', async () => {
    const urls = ['/api/tags', '/api/Tags', '/api/tags/'];
    for (const url of urls) {
      await site().get(url);
      expect((await site().get(url)).header('x-cache'), url).toBe('HIT');
    }
    await documents(site().strapi, 'api::tag.tag').create({ data: { name: 'Fresh', slug: 'fresh' } });
    for (const url of urls) {
      const answer = await site().get(`${url}?sort=id:desc`);
      expect(answer.json<{ data: { name: string }[] }>().data[0]?.name).toBe('Fresh');
      expect((await site().get(url)).header('x-cache'), url).toBe('MISS');
    }
  });
});

describe('the option query.ignore', () => {
  const site = useSite({ cache: { query: { ignore: ['ref', 'x_*'] } } });

  it.each(['?ref=a', '?x_test=1&x_=2', '?ref[deep]=1'])('takes %s out of the key', async (query) => {
    expect(await shares(site(), '/api/tags', `/api/tags${query}`)).toBe(true);
  });

  it('takes the place of the usual list', async () => {
    expect(await shares(site(), '/api/tags', '/api/tags?utm_source=a')).toBe(false);
  });
});

describe('a site with api.rest.strictParams', () => {
  const site = useSite({ rest: { strictParams: true } });

  it('answers an unknown parameter with an error, not with the page', async () => {
    await site().get('/api/tags');
    const answer = await site().get('/api/tags?utm_source=a');
    expect(answer.status).toBe(400);
    expect(answer.header('x-cache')).toBe('MISS');
  });
});

describe('a request header', () => {
  const site = useSite({
    cache: { rules: [{ path: '/api/greeting', keyedHeaders: ['Accept-Language', 'x-shop'] }] },
    register: ({ strapi }) =>
      addRoutes(strapi, 'greeting', [
        {
          path: '/greeting',
          handler: async (ctx) => ({
            tags: await readTags(strapi),
            word: ctx.acceptsLanguages('en', 'fr') === 'fr' ? 'Bonjour' : 'Hello',
            shop: ctx.get('x-shop'),
          }),
        },
      ]),
  });
  beforeEach(() => purgeAll(site().strapi));

  it('that chooses the response format of Strapi is part of the key', async () => {
    const v5 = await site().get('/api/tags');
    const v4 = await site().get('/api/tags', { 'strapi-response-format': 'v4' });
    expect(v4.header('x-cache')).toBe('MISS');
    const again = await site().get('/api/tags', { 'strapi-response-format': 'v4' });
    expect(again.header('x-cache')).toBe('HIT');
    expect(again.json<{ data: object[] }>().data[0]).toHaveProperty('attributes.name');
    expect(v5.json<{ data: object[] }>().data[0]).not.toHaveProperty('attributes');
  });

  it('that a rule names is part of the key', async () => {
    const words: unknown[] = [];
    for (const language of ['en', 'fr', 'en', 'fr']) {
      const answer = await site().get('/api/greeting', { 'accept-language': language });
      words.push([answer.json<{ word: string }>().word, answer.header('x-cache')]);
    }
    expect(words).toEqual([
      ['Hello', 'MISS'],
      ['Bonjour', 'MISS'],
      ['Hello', 'HIT'],
      ['Bonjour', 'HIT'],
    ]);
  });

  it('that is empty is another one than a header that is absent', async () => {
    await site().get('/api/greeting');
    expect((await site().get('/api/greeting', { 'x-shop': '' })).header('x-cache')).toBe('MISS');
  });

  it('that no rule names is no part of the key', async () => {
    await site().get('/api/tags', { 'accept-language': 'en' });
    expect((await site().get('/api/tags', { 'accept-language': 'fr' })).header('x-cache')).toBe('HIT');
  });
});
