import { createHmac } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { digest } from '../core/digest';

export const PUBLIC = 'public';

/** Whom a fill was made for, as Strapi's own authentication has seen it. */
export type Authenticated =
  | { readonly known: true; readonly until: number; readonly role: string | null }
  | { readonly known: false; readonly reason: string };

interface AuthState {
  readonly strategy?: { readonly name?: string };
  readonly credentials?: {
    readonly expiresAt?: string | null;
    readonly role?: { readonly id?: number | string };
  } | null;
}

/**
 * Tells callers apart without authenticating them: by a keyed hash of the exact `Authorization` value. An entry is
 * stored under it only after Strapi has authenticated that value, and dies with what authentication read.
 */
export class Principals {
  private readonly secret: string;

  constructor(strapi: Core.Strapi) {
    // The secrets that credentials are verified with are in it as well: when one is changed, nobody's entries remain.
    const secrets = JSON.stringify([
      strapi.config.get('server.app.keys', []),
      strapi.config.get('plugin::users-permissions.jwtSecret', ''),
      strapi.config.get('admin.apiToken.salt', ''),
    ]);
    this.secret = digest(secrets);
  }

  /** The principal of a credential. */
  ofCredential(authorization: string): string {
    return createHmac('sha256', this.secret).update(authorization).digest('base64url');
  }

  /**
   * What Strapi made of the credential of a request that has been handled.
   * @returns the instant (epoch milliseconds) at which the credential expires, `Infinity` for one that does not
   */
  authenticated(ctx: Context, authorization: string | undefined): Authenticated {
    const auth = ctx.state.auth as AuthState | undefined;
    if (authorization === undefined) return anonymous(auth);
    const name = auth?.strategy?.name;
    if (name === undefined) return { known: false, reason: 'authorization' };
    if (name === 'content-api-token') {
      const expires = auth?.credentials?.expiresAt;
      return { known: true, until: expires ? new Date(expires).getTime() : Infinity, role: null };
    }
    if (name !== 'users-permissions') return { known: false, reason: `strategy ${name}` };
    // a value that is no token is treated as anonymous by the strategy
    if (!auth?.credentials) return { known: true, until: Infinity, role: null };
    const role = auth.credentials.role?.id;
    return { known: true, until: jwtExpiry(authorization), role: role === undefined ? null : String(role) };
  }
}

function anonymous(auth: AuthState | undefined): Authenticated {
  if (!auth || (auth.strategy?.name === 'users-permissions' && !auth.credentials))
    return { known: true, until: Infinity, role: null };
  // somebody was recognised by something that is not part of the key
  return { known: false, reason: `strategy ${auth.strategy?.name ?? 'unknown'}` };
}

/** `exp` of a token whose signature Strapi has just verified, milliseconds. */
function jwtExpiry(authorization: string): number {
  try {
    const payload = authorization.split(/\s+/)[1]?.split('.')[1] ?? '';
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : Infinity;
  } catch {
    return 0;
  }
}
