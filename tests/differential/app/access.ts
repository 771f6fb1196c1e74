import type { Core } from '@strapi/strapi';
import type { CallerName } from '../protocol';

const TOKENS: Partial<Record<CallerName, string>> = {
  readOnly: 'development-only-read-token',
  custom: 'development-only-articles-token',
  fullAccess: 'development-only-full-access-token',
};
const PASSWORDS: Partial<Record<CallerName, string>> = {
  reader1: 'Reader-1-playground',
  reader2: 'Reader-2-playground',
};

/** The `Authorization` of a caller, as the seeded accounts have it. */
export async function authorize(
  _strapi: Core.Strapi,
  origin: string,
  caller: CallerName,
): Promise<string | null> {
  const token = TOKENS[caller];
  if (token) return `Bearer ${token}`;
  const password = PASSWORDS[caller];
  if (!password) return null;
  const response = await fetch(`${origin}/api/auth/local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: caller, password }),
  });
  const { jwt } = (await response.json()) as { jwt?: string };
  if (!jwt) throw new Error(`no token for ${caller}: status ${response.status}`);
  return `Bearer ${jwt}`;
}
