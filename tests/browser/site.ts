import { afterAll, beforeAll, inject } from 'vitest';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { startBrowserSite, type BrowserSite } from './start-site';

export type { BrowserSite } from './start-site';

/**
 * A site in production for all tests of the surrounding `describe`.
 * @param environment of its process, asked for when it starts
 */
export function useBrowserSite(
  options: UpstashCacheConfig = {},
  environment: () => Readonly<Record<string, string>> = () => ({}),
): () => BrowserSite {
  let running: BrowserSite | undefined;
  beforeAll(async () => {
    running = await startBrowserSite(inject('template'), options, environment());
  });
  afterAll(() => running?.stop());
  return () => {
    if (!running) throw new Error('the site runs inside of tests only');
    return running;
  };
}
