import { z } from 'zod';
import { pathPatternProblem } from '../core/path-pattern';

const text = z.string().min(1).max(512);
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(1000).optional();

const path = text.superRefine((value, context) => {
  const problem = pathPatternProblem(value);
  if (problem) context.addIssue({ code: 'custom', message: problem });
});

const purgeRequest = z
  .strictObject({
    all: z.literal(true).optional(),
    types: list(text),
    documents: list(z.strictObject({ uid: text, documentId: text })),
    /** Path patterns such as `/api/articles/**`: responses to requests for these paths, whatever their query. */
    paths: list(path),
    tags: list(text),
    keys: list(text),
  })
  .refine(
    (request) => Object.values(request).some((it) => it !== undefined),
    'at least one of all, types, documents, paths, tags, keys',
  );

/** What to drop. Several selectors drop what any of them names. */
export type PurgeRequest = z.input<typeof purgeRequest>;

/** A purge that cannot be carried out as it was asked for. */
export class PurgeRequestError extends Error {
  override readonly name = 'PurgeRequestError';
}

/** @throws PurgeRequestError that names the selector and what is wrong with it */
export function parsePurgeRequest(input: unknown): PurgeRequest {
  const parsed = purgeRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  throw new PurgeRequestError(`purge: ${lines.join('; ')}`);
}
