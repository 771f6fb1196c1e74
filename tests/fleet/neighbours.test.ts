import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../differential/processes';
import { nameIn, tagPath, type Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

const LEASE = 1000;

let site: FleetSite;
beforeAll(async () => {
  site = await FleetSite.open({ deadline: '5 s' });
});
afterAll(() => site.close());

const warm = (it: Instance, url: string): Promise<void> =>
  until('cached', async () => (await it.get(url)).outcome === 'HIT');
const lease = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LEASE + 20));

describe('two applications with different prefixes on one Redis', () => {
  let shop: Instance, blog: Instance;
  let id = '';
  beforeAll(async () => {
    shop = await site.start({ env: { CACHE_KEY_PREFIX: 'shop' } });
    blog = await site.start({ env: { CACHE_KEY_PREFIX: 'blog' } });
    [id = ''] = await shop.tags();
  });
  afterAll(() => Promise.all([site.stop(shop), site.stop(blog)]));

  it('do not see each other’s entries', async () => {
    await warm(shop, tagPath(id));
    expect((await blog.get(tagPath(id))).outcome).toBe('MISS');
  });

  it('do not feel each other’s purges', async () => {
    for (const it of [shop, blog]) await warm(it, tagPath(id));
    // They share a database here, which no two applications do: so it shows that the purge did not cross.
    await shop.rename(id, 'renamed in the shop');
    await lease();
    expect((await blog.get(tagPath(id))).outcome).toBe('HIT');
    expect(nameIn(await shop.get(tagPath(id)))).toBe('renamed in the shop');
  });

  it('have no key in common', async () => {
    const keys = ((await site.redis.raw('KEYS', '*')) as Buffer[]).map(String);
    expect(keys).toEqual(expect.arrayContaining(['shop:gens', 'blog:gens']));
    for (const key of keys) expect(key).toMatch(/^(shop|blog):/);
  });
});

describe('a rolling deploy', () => {
  let older: Instance, newer: Instance;
  let ids: string[];
  const folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));

  beforeAll(async () => {
    older = await site.start();
    ids = await older.tags();
    newer = await site.start({ cwd: changedBuild(folder) });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('does not serve what another build has made', async () => {
    const url = tagPath(ids[0] ?? '');
    await warm(older, url);
    expect((await newer.get(url)).outcome).toBe('MISS');
    await warm(newer, url);
    expect((await older.get(url)).outcome).toBe('HIT');
  });

  it('shares what one build has made among its instances', async () => {
    const url = tagPath(ids[1] ?? '');
    await warm(older, url);
    const second = await site.start();
    await second.get('/api/homepage'); // the first request of a process also waits for its own compiler
    const seen = await second.get(url);
    expect(seen.outcome, seen.detail).toBe('HIT');
    await site.stop(second);
  });

  it('takes purges across builds, both ways', async () => {
    const url = tagPath(ids[2] ?? '');
    for (const it of [older, newer]) await warm(it, url);
    await older.rename(ids[2] ?? '', 'by the older');
    await lease();
    expect(nameIn(await newer.get(url))).toBe('by the older');
    for (const it of [older, newer]) await warm(it, url);
    await newer.rename(ids[2] ?? '', 'by the newer');
    await lease();
    expect(nameIn(await older.get(url))).toBe('by the newer');
  });
});

/** The playground with one file of its code changed. */
function changedBuild(folder: string): string {
  const playground = path.join(ROOT, 'playground');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'favicon.png'])
    cpSync(path.join(playground, name), path.join(folder, name));
  for (const name of ['src', 'config'])
    cpSync(path.join(playground, 'dist', name), path.join(folder, 'dist', name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  appendFileSync(path.join(folder, 'dist/src/api/tag/controllers/tag.js'), '\n// a new version\n');
  return folder;
}
