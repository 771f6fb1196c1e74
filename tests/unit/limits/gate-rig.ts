import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa, { type Context, type Middleware } from 'koa';
import { afterEach, vi } from 'vitest';
import type { RateLimitConfig } from '../../../server/src/config/rate-limit-schema';
import { RateLimitGate } from '../../../server/src/middlewares/rate-limit';
import { Callers } from '../../../server/src/middlewares/rate-limit-facts';
import { digest, NOW, rateLimit } from './facts';

const load = createRequire(import.meta.url);
const strapi = '../../../node_modules/@strapi/core/dist/middlewares';
const { errors } = load(`${strapi}/errors.js`) as { errors: () => Middleware };
const { cors } = load(`${strapi}/cors.js`) as { cors: (config: object) => Middleware };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

export interface Rig {
  proxy?: boolean;
  maxIpsCount?: number;
  cache?: (gate: RateLimitGate) => Middleware;
  handler?: Middleware;
  inner?: boolean;
}

export async function rig(config: RateLimitConfig, more: Rig = {}) {
  const warn = vi.fn();
  const handler = vi.fn((ctx: Context) => void (ctx.body = 'fresh'));
  const limits = rateLimit(config, { warn });
  const gate = new RateLimitGate(limits, new Callers(digest), () => NOW, warn);
  const app = new Koa({ proxy: more.proxy ?? false });
  app.maxIpsCount = more.maxIpsCount ?? 0;
  app.use(gate.outer);
  if (more.cache) app.use(more.cache(gate));
  app.use(errors()).use(cors({ origin: ['https://site.example'] }));
  if (more.inner !== false) app.use(gate.inner());
  if (more.handler) app.use(more.handler);
  app.use(handler as unknown as Middleware);
  const server = await new Promise<Server>((resolve) => {
    const it = app.listen(0, '127.0.0.1', () => resolve(it));
  });
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const get = (headers: Record<string, string> = {}, init: RequestInit = {}, path = '/api/articles') =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers, ...init });
  const statuses = async (list: Record<string, string>[]): Promise<number[]> => {
    const answers: number[] = [];
    for (const headers of list) {
      const answer = await get(headers);
      await answer.arrayBuffer();
      answers.push(answer.status);
    }
    return answers;
  };
  return { get, statuses, gate, warn, handler, limits };
}

export const two: RateLimitConfig = { policies: [{ name: 'burst', quota: 2, window: 60 }] };
