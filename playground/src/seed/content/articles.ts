import type { Picture } from '../images/upload';
import type { Random } from '../random';
import { capitalize, fill, slugify } from '../text/fill';
import { places, type Place } from '../text/places';
import { closings, notes, stories, type Story } from '../text/stories';
import type { Data, Writer, Written } from '../writer';
import type { ByName } from './taxonomy';

const uid = 'api::article.article';
const FIRST_ISSUE = Date.UTC(2024, 0, 8);
const DAY = 86_400_000;

export interface SeededArticle extends Written {
  place: Place;
  published: boolean;
}

interface Input {
  writer: Writer;
  random: Random;
  pictures: readonly Picture[];
  authors: readonly string[];
  categories: ByName;
  tags: ByName;
  count: number;
}

const wordsOf = ({ name, country, dish, spot, season }: Place): Record<string, string> => ({
  place: name,
  country,
  dish,
  Dish: capitalize(dish),
  spot,
  season,
});

const bodyOf = (story: Story, words: Record<string, string>, random: Random): string => {
  const advice = random.sample(notes, 3).map((note) => `- ${note}`);
  const text = [story.opening, ...story.middle, '## Good to know', advice.join('\n'), random.pick(closings)];
  return fill(text.join('\n\n'), words);
};

export const createArticles = async (input: Input): Promise<SeededArticle[]> => {
  const { writer, random, pictures, categories, tags } = input;
  const articles: SeededArticle[] = [];

  const seoOf = (title: string, summary: string, earlier: readonly string[]): Data | null => {
    if (!random.chance(0.7)) return null;
    const canonical = earlier.length > 0 && random.chance(0.2) ? random.pick(earlier) : null;
    return {
      metaTitle: title.slice(0, 70),
      metaDescription: summary.slice(0, 200),
      shareImage: pictures.length > 0 ? random.pick(pictures).id : null,
      canonicalArticle: canonical,
    };
  };

  for (let index = 0; index < input.count; index += 1) {
    // Walking through both lists at once meets the same pair again only after 120 articles.
    const story = stories[index % stories.length] as Story;
    const place = places[(index * 7) % places.length] as Place;
    const words = wordsOf(place);
    const title = capitalize(fill(story.title, words));
    const summary = capitalize(fill(story.summary, words));
    // Two of twelve stay drafts, and not always the same two kinds of story.
    const published = (index + Math.floor(index / stories.length)) % 6 !== 5;
    const earlier = articles.filter((article) => article.published).map((article) => article.documentId);
    const keywords = [...random.sample(story.tags, 2), ...random.sample([...tags.keys()], 2)];

    const data: Data = {
      title,
      slug: slugify(title),
      summary,
      body: bodyOf(story, words, random),
      rating: random.int(2, 5),
      featured: random.chance(0.15),
      publishedOn: new Date(FIRST_ISSUE + index * 4 * DAY).toISOString().slice(0, 10),
      cover: pictures.length > 0 ? random.pick(pictures).id : null,
      gallery: random.sample(pictures, random.int(0, 4)).map((picture) => picture.id),
      author: random.pick(input.authors),
      category: categories.get(story.category) ?? null,
      tags: [...new Set(keywords)].map((name) => tags.get(name)),
      related: random.sample(earlier, random.int(0, 3)),
      seo: seoOf(title, summary, earlier),
    };
    const written = await writer.create(uid, data, { status: published ? 'published' : 'draft' });
    articles.push({ ...written, place, published });

    // An editor has begun to revise some of the published stories.
    if (published && index % 9 === 4) {
      const revision = { title: `${title}, revisited`, summary: `${summary} With new notes from the road.` };
      await writer.update(uid, written.documentId, revision);
    }
  }
  return articles;
};
