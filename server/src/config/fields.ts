import { z } from 'zod';
import { pathPatternProblem } from '../core/path-pattern';
import { parseBytes, parseDuration } from './units';

/** Every schema's message is what is allowed there: `explain.ts` puts the path and the value before it. */
export const allowed = (text: string): { error: string } => ({ error: text });

const inWords = (names: readonly string[], word: string): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(` ${word} `);

export const flag = z.boolean(allowed('true or false'));

export const oneOf = <const T extends readonly string[]>(values: T) => {
  const quoted = values.map((it) => `"${it}"`);
  return z.enum(values, allowed(inWords(quoted, 'or')));
};

/** An object of options that may be left out as a whole. */
export const section = <S extends z.ZodRawShape>(shape: S) => {
  const names = inWords(Object.keys(shape), 'and');
  return z.strictObject(shape, allowed(`an object with ${names}`)).prefault({} as never);
};

/** A whole number of things that a bound is set on. */
export const count = (least: number, most: number, of = 'a whole number') => {
  const text = allowed(`${of} from ${least} to ${most}`);
  return z.int(text).min(least, text).max(most, text);
};

export const textLike = (form: RegExp, what: string) => z.string(allowed(what)).regex(form, allowed(what));

/** A name of a header or a cookie (RFC 9110 section 5.6.2). */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

export const headerName = (what: string) => textLike(TOKEN, what).toLowerCase();

/**
 * A text in which a function finds nothing wrong.
 * @param more examples for those who gave no text at all
 */
export const textWithout = (problemOf: (value: string) => string | null, what: string, more = '') =>
  z.string(allowed(what + more)).superRefine((value, context) => {
    const problem = problemOf(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: `${what}: ${problem}` });
  });

export const path = textWithout(
  pathPatternProblem,
  'a path pattern such as "/api/articles/:id"',
  ' or "/api/search/**"',
);

/** A text or a number that a parser understands, of at least so much. */
const quantity = (parse: (value: unknown) => number | null, least: number, text: string) =>
  z.union([z.number(), z.string()], allowed(text)).transform((value, context) => {
    const amount = parse(value);
    if (amount === null || amount < least) {
      context.addIssue({ code: 'custom', message: text });
      return z.NEVER;
    }
    return amount;
  });

const NOTATION = 'or a text such as "10 s", "5 m", "1 h"';

/** Milliseconds after validation. */
export const duration = (
  least: number,
  text = `seconds as a number ${least > 0 ? 'above 0' : 'of 0 or more'}, ${NOTATION}`,
) => quantity(parseDuration, least, text);

/** Bytes after validation. */
export const size = (least: number) =>
  quantity(parseBytes, least, `bytes as a number of at least ${least}, or a text such as "64 MB"`);
