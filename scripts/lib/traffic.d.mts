export declare function randomOf(seed: number): () => number;

export interface TrafficAnswer {
  readonly outcome: string | null;
  readonly ms: number;
  readonly body: string;
}

export declare class Traffic {
  constructor(options: { origin: string; random?: () => number; token?: string | null });
  readonly counts: Record<'HIT' | 'STALE' | 'MISS' | 'BYPASS' | 'none', number>;
  readonly articles: readonly string[];
  readonly hitRate: number | null;
  open(): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<TrafficAnswer>;
  send(requests: number, concurrency?: number): Promise<void>;
}
