import type { Picture } from '../images/upload';
import type { Writer } from '../writer';

interface Input {
  writer: Writer;
  pictures: readonly Picture[];
  articles: readonly string[];
  categories: readonly string[];
}

export const createSiteSettings = async ({
  writer,
  pictures,
  articles,
  categories,
}: Input): Promise<void> => {
  await writer.create('api::site-setting.site-setting', {
    siteName: 'Tide & Table',
    tagline: 'Slow travel and honest food',
    favicon: pictures[0]?.id ?? null,
    defaultSeo: {
      metaTitle: 'Tide & Table',
      metaDescription: 'A magazine about places and what is eaten there.',
      shareImage: pictures[1]?.id ?? null,
      canonicalArticle: articles[0] ?? null,
    },
    featuredCategories: categories.slice(0, 4),
  });
};

export const createHomepage = async ({ writer, pictures, articles }: Input): Promise<void> => {
  const uid = 'api::homepage.homepage';
  const image = pictures[2]?.id ?? null;
  const picks = articles.slice(-6);

  const { documentId } = await writer.create(
    uid,
    {
      heading: 'Pull up a chair',
      intro: 'Stories from towns with a harbour, a market and time for lunch.',
      hero: { heading: 'The spring issue', subheading: 'Forty places, one long table.', image },
      picks,
    },
    { locale: 'en', status: 'published' },
  );
  await writer.update(
    uid,
    documentId,
    {
      heading: 'Prenez une chaise',
      intro: 'Des récits de villes qui ont un port, un marché et le temps de déjeuner.',
      hero: { heading: 'Le numéro de printemps', subheading: 'Quarante lieux, une grande table.', image },
      picks: picks.slice(0, 4),
    },
    { locale: 'fr', status: 'published' },
  );
};
