/** Builds the plugin and compiles the playground, where they are stale. */
export function buildFresh(): Promise<void>;
