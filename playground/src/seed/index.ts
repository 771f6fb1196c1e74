import type { Core } from '@strapi/strapi';
import { createReaders, ensureAdmin, ensureTokens } from './accounts';
import { createArticles } from './content/articles';
import { createAuthors } from './content/authors';
import { createComments } from './content/comments';
import { createPages } from './content/pages';
import { createHomepage, createSiteSettings } from './content/singles';
import { createCategories, createTags } from './content/taxonomy';
import { uploadPictures } from './images/upload';
import { grantReading } from './permissions';
import { createRandom } from './random';
import { createWriter } from './writer';

export * as credentials from './credentials';

export interface SeedOptions {
  /** `false` draws no pictures; a number draws that many. The whole site has 24. */
  images?: boolean | number;
  /** The share of the whole site that is made, from above 0 to 1. Categories and tags are always complete. */
  scale?: number;
}

const SEED = 20250321;

const store = (strapi: Core.Strapi) => strapi.store({ type: 'api', name: 'playground', key: 'seed' });

const pictureCount = (images: boolean | number, scale: number): number => {
  if (typeof images === 'number') return images;
  return images ? Math.max(4, Math.round(24 * scale)) : 0;
};

const createLocales = async (strapi: Core.Strapi): Promise<void> => {
  const locales = strapi.plugin('i18n').service('locales');
  if (!(await locales.findByCode('fr'))) await locales.create({ code: 'fr', name: 'French (fr)' });
};

const createContent = async (strapi: Core.Strapi, options: SeedOptions): Promise<void> => {
  const { images = true, scale = 1 } = options;
  const writer = createWriter(strapi);
  const random = createRandom(SEED);
  const share = (whole: number, least: number): number => Math.max(least, Math.round(whole * scale));

  const pictures = await uploadPictures(strapi, random, pictureCount(images, scale));
  const categories = await createCategories(writer);
  const tags = await createTags(writer);
  const authors = await createAuthors({ writer, random, pictures, count: share(20, 5) });
  const articles = await createArticles({
    writer,
    random,
    pictures,
    authors,
    categories,
    tags,
    count: share(120, 12),
  });
  const published = articles.filter((article) => article.published).map((article) => article.documentId);
  const categoryIds = [...categories.values()];
  const pages = await createPages({
    writer,
    random,
    pictures,
    authors,
    articles: published,
    categories: categoryIds,
    count: share(16, 4),
  });
  await createComments({ writer, random, articles, pages, count: share(150, 12) });
  const singles = { writer, pictures, articles: published, categories: categoryIds };
  await createSiteSettings(singles);
  await createHomepage(singles);
};

/** Fills an empty site, once. Returns whether it did. */
export const seed = async (strapi: Core.Strapi, options: SeedOptions = {}): Promise<boolean> => {
  const state = (await store(strapi).get({})) as { finished: boolean } | null;
  if (state && !state.finished) {
    throw new Error('An earlier seed stopped half-way. Empty the site: npm run playground -- --reset');
  }
  if (!state) {
    await store(strapi).set({ value: { finished: false } });
    await createLocales(strapi);
    await createContent(strapi, options);
    await grantReading(strapi);
    await createReaders(strapi);
    await ensureAdmin(strapi);
    await store(strapi).set({ value: { finished: true } });
  }
  await ensureTokens(strapi);
  return !state;
};
