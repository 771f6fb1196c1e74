import type { Core } from '@strapi/strapi';
import { currentScope } from './read-scope';
import { actionTag, PUBLIC_ROLE } from './tags';

interface AuthService {
  authenticate(ctx: unknown, next: () => Promise<unknown>): Promise<unknown>;
  verify(auth: unknown, config?: unknown): Promise<unknown>;
}

/**
 * Tells reads of authentication from those of the handler, and notes what authorization was asked for: the route's
 * own action and that of every type populated or filtered (`@strapi/utils/dist/sanitize/visitors`). What was refused
 * counts as well, since the answer would differ if it were allowed.
 */
export function observeAuth(strapi: Core.Strapi): void {
  const auth = strapi.get('auth') as unknown as AuthService;
  const authenticate = auth.authenticate.bind(auth);
  const verify = auth.verify.bind(auth);

  auth.authenticate = async (ctx, next) => {
    const scope = currentScope();
    if (!scope) return authenticate(ctx, next);
    scope.authenticating = true;
    try {
      return await authenticate(ctx, () => {
        scope.authenticating = false;
        return next();
      });
    } finally {
      scope.authenticating = false;
    }
  };

  auth.verify = (of, config) => {
    const scope = currentScope();
    const wanted = (config as { scope?: string | string[] } | false | undefined) || {};
    if (scope && wanted.scope && !readsItsOwn(of)) {
      const role = roleOf(of);
      const actions = typeof wanted.scope === 'string' ? [wanted.scope] : wanted.scope;
      for (const action of actions) scope.keep(actionTag(action, role));
    }
    return verify(of, config);
  };
}

interface Auth {
  readonly strategy?: { readonly name?: string };
  readonly credentials?: { readonly role?: { readonly id?: number | string } } | null;
}

/** An API token may do what stands in its own row and in those of its permissions, which authentication has read. */
const readsItsOwn = (auth: unknown): boolean =>
  (auth as Auth | undefined)?.strategy?.name === 'content-api-token';

/** The role that decides, or nothing where that is not known. */
function roleOf(auth: unknown): string | undefined {
  const { strategy, credentials } = (auth ?? {}) as Auth;
  if (strategy?.name !== 'users-permissions') return undefined;
  if (!credentials) return PUBLIC_ROLE;
  return credentials.role?.id === undefined ? undefined : String(credentials.role.id);
}
