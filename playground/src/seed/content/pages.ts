import type { Picture } from '../images/upload';
import type { Random } from '../random';
import { slugify } from '../text/fill';
import { pageTexts, type PageText } from '../text/pages';
import type { Data, Writer, Written } from '../writer';

const uid = 'api::page.page';
const layouts = ['standard', 'wide', 'landing'] as const;

const words = {
  en: { featured: 'From the magazine', quote: 'We write about lunch because everything else is said there.' },
  fr: {
    featured: 'Dans le magazine',
    quote: 'Nous écrivons sur le déjeuner parce que tout le reste s’y dit.',
  },
};
export type Locale = keyof typeof words;

interface Input {
  writer: Writer;
  random: Random;
  pictures: readonly Picture[];
  authors: readonly string[];
  articles: readonly string[];
  categories: readonly string[];
  count: number;
}

interface Draw {
  image: number | null;
  articles: string[];
  author: string;
}

const sectionsOf = (locale: Locale, text: PageText, index: number, draw: Draw, target?: string): Data[] => {
  const sections: Data[] = [
    { __component: 'sections.hero', heading: text.title, subheading: text.lead, image: draw.image },
    { __component: 'sections.rich-text', content: `${text.text}\n\n*Tide & Table*` },
  ];
  if (index % 2 === 0) {
    const heading = words[locale].featured;
    sections.push({ __component: 'sections.featured-articles', heading, articles: draw.articles });
  }
  if (index % 3 === 0) {
    sections.push({ __component: 'sections.quote', text: words[locale].quote, author: draw.author });
  }
  const link = target ? { page: target } : { url: 'https://tide-and-table.example.com' };
  sections.push({ __component: 'sections.call-to-action', label: text.button, ...link });
  return sections;
};

/** Pages in English, each with its French translation. */
export const createPages = async (input: Input): Promise<Written[]> => {
  const { writer, random, pictures } = input;
  const pages: Written[] = [];
  for (const [index, { en, fr }] of pageTexts.slice(0, input.count).entries()) {
    const draw: Draw = {
      image: pictures.length > 0 ? random.pick(pictures).id : null,
      articles: random.sample(input.articles, random.int(2, 4)),
      author: random.pick(input.authors),
    };
    const target = pages.at(-1)?.documentId;
    const relatedCategory = random.chance(0.6) ? random.pick(input.categories) : null;
    const dataOf = (locale: Locale, text: PageText): Data => ({
      title: text.title,
      slug: slugify(text.title),
      layout: layouts[index % layouts.length],
      relatedCategory,
      sections: sectionsOf(locale, text, index, draw, target),
    });

    const page = await writer.create(uid, dataOf('en', en), { locale: 'en', status: 'published' });
    await writer.update(uid, page.documentId, dataOf('fr', fr), { locale: 'fr', status: 'published' });
    if (index % 5 === 4) {
      await writer.update(uid, page.documentId, { title: `${en.title} (new wording)` }, { locale: 'en' });
    }
    pages.push(page);
  }
  return pages;
};
