import { describe, expect, it } from 'vitest';
import { demandedNull } from '../../../server/src/strapi/raw-statements';

describe('what a statement demands of a column', () => {
  const select = (rest: string): string => `select "rating" from "articles" ${rest}`;
  const demanded = (rest: string): boolean | null => demandedNull(select(rest), 'published_at');

  it.each([
    ['where "published_at" is not null', false],
    ['where "published_at" is null', true],
    ['where `articles`.`published_at` is not null and "rating" = ? group by "rating"', false],
    ['where "rating" > ? and "published_at" is null order by "rating" asc limit ?', true],
  ])('is told by: %s', (rest, expected) => {
    expect(demanded(rest)).toBe(expected);
  });

  it.each([
    [''],
    ['where "rating" = ?'],
    ['where "published_at" is not null or "rating" = ?'],
    ['where not ("rating" = ? and "published_at" is not null and "title" = ?)'],
    ['where "rating" in (?, ?) and "published_at" is not null'],
    ['where "unpublished_at" is not null'],
    ['where "published_at" > ?'],
    ['where "rating" = ? group by "rating" having "published_at" is not null'],
  ])('is not told by: %s', (rest) => {
    expect(demanded(rest)).toBe(null);
  });
});
