import { createHash } from 'node:crypto';

/** What the remote limiter needs of a Redis: the two script calls of `@upstash/ratelimit`, and reading and deleting. */
export interface LimiterRedis {
  evalsha(hash: string, keys: string[], args: unknown[]): Promise<unknown>;
  eval(script: string, keys: string[], args: unknown[]): Promise<unknown>;
  mget(...keys: string[]): Promise<unknown[]>;
  del(...keys: string[]): Promise<unknown>;
}

/** Sends one command, such as `(args) => driver.command(args, 'lookup')` or `(args) => ioredis.call(...args)`. */
export type SendCommand = (args: [command: string, ...args: string[]]) => Promise<unknown>;

/**
 * Lets `@upstash/ratelimit` work over anything that sends commands. Its scripts begin with a flag that only Upstash
 * knows (`ERR Unexpected flag in script shebang: allow-key-locking` elsewhere), so they run under the first line
 * that the server wants, and under the hash that they have with it.
 * @param scriptHead first line of every script, with its line end; none for Redis and Valkey
 */
export function commandRedis(send: SendCommand, scriptHead = ''): LimiterRedis {
  const hashes = new Map<string, string>();
  return {
    async evalsha(hash, keys, args) {
      const known = hashes.get(hash);
      // the answer upon which the package sends the text of the script
      if (known === undefined) throw new Error('NOSCRIPT not sent by this process yet');
      return send(['EVALSHA', known, String(keys.length), ...keys, ...args.map(text)]);
    },
    async eval(script, keys, args) {
      const fitting = scriptHead + script.replace(/^#!lua[^\n]*\n/, '');
      hashes.set(sha1(script), sha1(fitting));
      return send(['EVAL', fitting, String(keys.length), ...keys, ...args.map(text)]);
    },
    async mget(...keys) {
      return (await send(['MGET', ...keys])) as unknown[];
    },
    del: (...keys) => send(['DEL', ...keys]),
  };
}

const sha1 = (script: string): string => createHash('sha1').update(script).digest('hex');

const text = (value: unknown): string => (value === null || value === undefined ? 'null' : String(value));
