import type { Core } from '@strapi/strapi';

interface RequestState {
  readonly user?: {
    readonly firstname?: string | null;
    readonly lastname?: string | null;
    readonly email?: string;
  };
  readonly auth?: {
    readonly strategy?: { readonly name?: string };
    readonly credentials?: { readonly name?: string; readonly username?: string } | null;
  };
}

/** Who the running request comes from, for the history of purges: a name for people, or null. */
export function currentActor(strapi: Core.Strapi): string | null {
  const state = strapi.requestContext.get()?.state as RequestState | undefined;
  const { strategy, credentials } = state?.auth ?? {};
  if (strategy?.name === 'admin') {
    const { firstname, lastname, email } = state?.user ?? {};
    return [firstname, lastname].filter(Boolean).join(' ') || email || null;
  }
  if (strategy?.name === 'content-api-token') return credentials?.name ?? null;
  return credentials?.username ?? null;
}
