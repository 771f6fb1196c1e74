/** What a remote store tells its owner, for the log and the admin panel. Never holds a value, a key or a secret. */
export type StoreEvent =
  | { readonly type: 'remote-down'; readonly reason: string }
  | { readonly type: 'remote-up' }
  /** The remote tag log was lost or rewound: every entry made before is a miss. */
  | { readonly type: 'log-reset' }
  | { readonly type: 'purge-delayed'; readonly tags: number; readonly all: boolean; readonly reason: string }
  | { readonly type: 'purge-delivered'; readonly purges: number }
  | { readonly type: 'purge-left'; readonly purges: number; readonly journaled: boolean }
  | { readonly type: 'journal-failed'; readonly reason: string }
  | { readonly type: 'write-refused'; readonly reason: string }
  /** A stored frame was not one of ours, or not the one asked for. */
  | { readonly type: 'frame-rejected' };

export type OnStoreEvent = (event: StoreEvent) => void;
