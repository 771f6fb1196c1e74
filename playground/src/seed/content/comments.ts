import type { Random } from '../random';
import { fill } from '../text/fill';
import { readers, remarks } from '../text/remarks';
import type { Writer, Written } from '../writer';
import type { SeededArticle } from './articles';

interface Input {
  writer: Writer;
  random: Random;
  articles: readonly SeededArticle[];
  pages: readonly Written[];
  count: number;
}

/** Comments below published articles, and every sixth below a page. */
export const createComments = async (input: Input): Promise<void> => {
  const { writer, random } = input;
  const published = input.articles.filter((article) => article.published);
  for (let index = 0; index < input.count; index += 1) {
    const article = random.pick(published);
    const target =
      index % 6 === 5
        ? { __type: 'api::page.page', id: random.pick(input.pages).id }
        : { __type: 'api::article.article', id: article.id };
    await writer.create('api::comment.comment', {
      text: fill(random.pick(remarks), { place: article.place.name, dish: article.place.dish }),
      authorName: random.pick(readers),
      approved: random.chance(0.85),
      target,
    });
  }
};
