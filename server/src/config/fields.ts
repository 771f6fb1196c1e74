import { z } from 'zod';
import { parseBytes, parseDuration } from './units';

/** Every schema's message is what is allowed there: `explain.ts` puts the path and the value before it. */
export const allowed = (text: string): { error: string } => ({ error: text });

export const flag = z.boolean(allowed('true or false'));

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
