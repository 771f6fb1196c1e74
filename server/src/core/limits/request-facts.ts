/** A caller whose credential the application itself has verified. */
export interface Caller {
  readonly kind: 'user' | 'token';
  readonly id: string;
  /** Of an API token. */
  readonly name?: string;
  /** Names a role of a user goes by, such as its type and its display name. */
  readonly roles?: readonly string[];
}

/** What a policy may know of a request. */
export interface RequestFacts {
  readonly method: string;
  /** Without the query, as the router sees it. */
  readonly path: string;
  /** Client address as the proxy setting of the server tells it; empty when unknown. */
  readonly address: string;
  /** A CORS preflight: answered without a handler, and not the caller's choice to send. */
  readonly preflight: boolean;
  /** Null for anonymous callers, and for those whose credential was not verified. */
  readonly caller: Caller | null;
  header(name: string): string | undefined;
}
