/** A purge that may still have to be delivered. */
export interface PurgeJob {
  /** Unique among all processes and restarts. */
  readonly id: string;
  readonly tags: readonly string[];
  readonly all: boolean;
}

/**
 * Keeps purges that could not be delivered beyond the life of the process. Shared by all instances of an app:
 * whoever starts next delivers what it finds. A purge delivered twice costs misses and nothing else.
 */
export interface PurgeJournal {
  add(job: PurgeJob): Promise<void>;
  /** Resolves too when the job is not there any more. */
  remove(id: string): Promise<void>;
  list(): Promise<readonly PurgeJob[]>;
}
