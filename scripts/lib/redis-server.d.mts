export interface RedisServer {
  readonly port: number;
  /** Stops answering without closing connections, and goes on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export declare function startRedis(options?: {
  port?: number;
  args?: readonly string[];
}): Promise<RedisServer>;
