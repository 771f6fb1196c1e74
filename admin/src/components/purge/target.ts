import type { PurgeRequest } from '../../../../server/src/contracts';

export const KINDS = ['type', 'document', 'path', 'tag', 'all'] as const;

export type Kind = (typeof KINDS)[number];

/** What somebody is about to purge, as the form knows it. */
export interface Target {
  readonly kind: Kind;
  readonly type: string;
  readonly documentId: string;
  readonly path: string;
  readonly tag: string;
}

export const NOTHING: Target = { kind: 'type', type: '', documentId: '', path: '', tag: '' };

/** The request for a target; null while the form is not complete. */
export function requestOf({ kind, type, documentId, path, tag }: Target): PurgeRequest | null {
  switch (kind) {
    case 'all':
      return { all: true };
    case 'type':
      return type ? { types: [type] } : null;
    case 'document':
      return type && documentId.trim() ? { documents: [{ uid: type, documentId: documentId.trim() }] } : null;
    case 'path':
      return path.trim() ? { paths: [path.trim()] } : null;
    case 'tag':
      return tag.trim() ? { tags: [tag.trim()] } : null;
  }
}

const LARGE = 50;

/** Whether a purge deserves a second question. */
export const isLarge = (target: Target, entries: number): boolean =>
  target.kind === 'all' || entries >= LARGE;
