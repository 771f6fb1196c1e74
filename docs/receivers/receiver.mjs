// Receives what strapi-plugin-upstash-cache sends. Needs Node, or another runtime with `node:crypto`.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older notices are refused, so that nobody can send one again. */
const MOST_AGE_SECONDS = 300;

/**
 * @param {string | null} header value of X-Upstash-Cache-Signature: `t=<epoch seconds>,v1=<hex>`
 * @param {string} body as it came, before it is parsed
 * @param {string} secret
 * @param {number} now epoch milliseconds
 */
export function isSigned(header, body, secret, now = Date.now()) {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (!match) return false;
  const [, seconds, digest] = match;
  if (Math.abs(now / 1000 - Number(seconds)) > MOST_AGE_SECONDS) return false;
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(digest, 'hex'));
}

/**
 * A handler of requests as Next.js, Cloudflare Workers, Deno, Bun and Hono know them.
 * @param {string | undefined} secret the one in the options of the plugin
 * @param {(notice: { id: string, at: number, all: boolean, tags: string[], paths: string[], morePaths: boolean }) => unknown} purge
 */
export function receiver(secret, purge) {
  if (!secret) throw new Error('the secret of the webhook is not set');
  return async (request) => {
    const body = await request.text();
    const signature = request.headers.get('x-upstash-cache-signature');
    if (!isSigned(signature, body, secret)) return new Response('not signed', { status: 401 });
    // What is thrown here becomes a 500, and the plugin sends the notice again.
    await purge(JSON.parse(body));
    return new Response(null, { status: 204 });
  };
}
