import type { RespValue } from './resp.mjs';

/**
 * What goes wrong with one request. `drop`: the connection breaks before anything runs. `lose`: the command runs, its
 * answer is lost. `hang`: never answered. `delay`: milliseconds before it runs. `answer`: this answer instead.
 */
export type Fault =
  | { readonly kind: 'drop' | 'lose' | 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly type?: string };

export interface BridgeOptions {
  readonly port?: number;
  readonly redisPort: number;
  readonly redisHost?: string;
  readonly token?: string;
  /** Accepted for reading commands only. */
  readonly readOnlyToken?: string;
  /** Lua that uses a key it did not declare fails, as it does on Upstash. Default true. */
  readonly strictKeys?: boolean;
}

export interface Bridge {
  readonly url: string;
  readonly token: string;
  readonly stats: { http: number; commands: number; byName: Record<string, number> };
  /** Asked for every request with the name of its first command in upper case. */
  fault: ((command: string) => Fault | null | undefined) | null;
  /** A command straight to redis, past the faults. */
  raw(args: readonly (string | number | Buffer)[]): Promise<RespValue>;
  killSubscribers(): void;
  close(): Promise<void>;
}

export declare function startBridge(options: BridgeOptions): Promise<Bridge>;
