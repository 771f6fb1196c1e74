/**
 * Fixed accounts and tokens of this playground. They are public, so they must never reach a site that others
 * can open: the playground listens on 127.0.0.1 only.
 */
export const admin = { email: 'admin@playground.local', password: 'Playground-1' } as const;

export const readers = [
  { username: 'reader1', email: 'reader1@playground.local', password: 'Reader-1-playground' },
  { username: 'reader2', email: 'reader2@playground.local', password: 'Reader-2-playground' },
] as const;

export interface DevelopmentToken {
  name: string;
  description: string;
  type: 'read-only' | 'full-access' | 'custom';
  key: string;
  permissions?: readonly string[];
}

export const tokens = {
  readOnly: {
    name: 'Development only: read',
    description: 'Reads every content type. Its key is public.',
    type: 'read-only',
    key: 'development-only-read-token',
  },
  articles: {
    name: 'Development only: list of articles',
    description: 'May list articles and nothing else. Its key is public.',
    type: 'custom',
    key: 'development-only-articles-token',
    permissions: ['api::article.article.find'],
  },
  fullAccess: {
    name: 'Development only: full access',
    description: 'Reads and writes every content type. Its key is public.',
    type: 'full-access',
    key: 'development-only-full-access-token',
  },
} as const satisfies Record<string, DevelopmentToken>;
