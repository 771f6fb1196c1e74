import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { z } from 'zod';
import type { Answer, PurgeRequest } from '../contracts';
import { PERIODS } from '../core/stats/period';
import { ORDER_NAMES } from '../services/admin-entries';
import { PurgeRequestError } from '../services/purging';
import type { Runtime } from '../services/runtime';
import { findRuntime } from '../services/runtimes';

type Asked = Context & { readonly params: Readonly<Record<string, string | undefined>> };

/**
 * Makes handlers that answer with what they find out about the running plugin. Nobody may store that.
 * @param check throws where a request is not answered at all
 */
export function answering(strapi: Core.Strapi, check?: (ctx: Context) => void) {
  return <T>(find: (runtime: Runtime, ctx: Asked) => T | Promise<T>) =>
    async (ctx: Asked): Promise<void> => {
      check?.(ctx);
      const runtime = findRuntime(strapi);
      if (!runtime)
        throw new errors.ApplicationError('The cache is switched off by the option "enabled" of the plugin', {
          code: 'off',
        });
      const data = await find(runtime, ctx);
      ctx.set('Cache-Control', 'no-store');
      ctx.body = { data } satisfies Answer<T>;
    };
}

/** What was sent; the purge checks what it is. */
export const bodyOf = (ctx: Context): PurgeRequest => (ctx.request as { body?: PurgeRequest }).body ?? {};

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const overviewQuery = z.object({
  period: z.enum(PERIODS).default('24h'),
  instance: z.string().max(64).default('all'),
});

export const entriesQuery = z.object({
  search: z.string().max(512).default(''),
  order: z.enum(ORDER_NAMES).default('used'),
  page: whole(1, 1_000_000).default(1),
  pageSize: whole(1, 100).default(25),
});

export const purgesQuery = z.object({ limit: whole(1, 200).default(50) });

export const resetBody = z.strictObject({ policy: z.string().min(1), id: z.string().min(1) });

/** @throws ValidationError that names the parameter and what is allowed */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  throw new errors.ValidationError(lines.join('; '));
}

/** Runs a purge and turns a request that cannot be carried out into an answer with status 400. */
export async function asRequested<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PurgeRequestError) throw new errors.ValidationError(error.message);
    throw error;
  }
}
