import path from 'node:path';
import { openDatabases } from '../tests/differential/database';
import { buildApp, StrapiProcess } from '../tests/differential/processes';
import type { Catalog } from '../tests/differential/protocol';

const FULL_ACCESS = {
  authorization: 'Bearer development-only-full-access-token',
  'content-type': 'application/json',
};

/** One request that both sites are sent, for the n-th time. */
type Work = (n: number, catalog: Catalog) => { method: string; url: string; body?: object };

const article = (catalog: Catalog, n: number): string =>
  catalog.rows['api::article.article']?.[n % 8]?.documentId ?? '';
const id = (catalog: Catalog, uid: string, n: number): string => catalog.rows[uid]?.[n % 5]?.documentId ?? '';

const WORK: Readonly<Record<string, Work>> = {
  'miss, light list': (n) => ({ method: 'GET', url: `/api/tags?fields[0]=name&unused=${n}` }),
  'miss, article list': (n) => ({ method: 'GET', url: `/api/articles?populate=author&unused=${n}` }),
  'miss, heaviest list': (n) => ({
    method: 'GET',
    url: `/api/articles?populate=*&pagination[pageSize]=100&unused=${n}`,
  }),
  'miss, pages deep': (n) => ({
    method: 'GET',
    url: `/api/pages?populate[sections][populate]=*&populate[relatedCategory][populate]=*&unused=${n}`,
  }),
  'write, draft title': (n, catalog) => ({
    method: 'PUT',
    url: `/api/articles/${article(catalog, n)}?status=draft`,
    body: { data: { title: `Title ${n}` } },
  }),
  'write, published title': (n, catalog) => ({
    method: 'PUT',
    url: `/api/articles/${article(catalog, n)}`,
    body: { data: { title: `Title ${n}` } },
  }),
  'write, relation': (n, catalog) => ({
    method: 'PUT',
    url: `/api/articles/${article(catalog, n)}?status=draft`,
    body: {
      data: {
        category: id(catalog, 'api::category.category', n),
        author: id(catalog, 'api::author.author', n),
      },
    },
  }),
  'write, category': (n, catalog) => ({
    method: 'PUT',
    url: `/api/categories/${id(catalog, 'api::category.category', n)}`,
    body: { data: { description: `Text ${n}` } },
  }),
};

async function timed(site: StrapiProcess, { method, url, body }: ReturnType<Work>): Promise<number> {
  const started = performance.now();
  const response = await fetch(site.origin + url, {
    method,
    headers: method === 'GET' ? {} : FULL_ACCESS,
    body: body && JSON.stringify(body),
  });
  await response.arrayBuffer();
  if (response.status >= 400) throw new Error(`${method} ${url}: ${response.status}`);
  if (method === 'GET' && response.headers.get('x-cache') === 'HIT') throw new Error(`${url} was a hit`);
  return performance.now() - started;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function main(): Promise<void> {
  const pairs = Number(process.argv[2] ?? 60);
  const databases = await openDatabases(process.argv[3] === 'postgres' ? 'postgres' : 'sqlite');
  const program = await buildApp();
  const log = path.join(databases.folder, 'strapi.log');
  const start = (name: string, env: Record<string, string>): Promise<StrapiProcess> =>
    StrapiProcess.start(
      program,
      name,
      { DIFFERENTIAL_SCALE: '1', DIFFERENTIAL_OBSERVER: 'off', ...env },
      log,
    );
  try {
    await (await start('seeding', { ...databases.original(), PLAYGROUND_CACHE: 'off' })).stop();
    const tracked = await start('tracked', databases.copy());
    const plain = await start('plain', { ...databases.copy({ keep: true }), PLAYGROUND_CACHE: 'off' });
    const catalogs = new Map<StrapiProcess, Catalog>();
    for (const site of [tracked, plain]) catalogs.set(site, await site.ask('catalog', undefined));
    console.log(`${'median of'.padEnd(26)}without      with   difference (median of pairs)`);
    for (const [name, work] of Object.entries(WORK)) {
      const times = new Map<StrapiProcess, number[]>([
        [tracked, []],
        [plain, []],
      ]);
      for (let n = -10; n < pairs; n++) {
        // the first ones warm up, and neither side is always the first
        for (const site of n % 2 ? [tracked, plain] : [plain, tracked]) {
          const took = await timed(site, work(n + 10, catalogs.get(site) as Catalog));
          if (n >= 0) times.get(site)?.push(took);
        }
      }
      const [on = [], off = []] = [times.get(tracked), times.get(plain)];
      const base = median(off);
      const more = median(on.map((it, i) => it - (off[i] ?? 0)));
      const percent = `${((100 * more) / base).toFixed(1)} %`.padStart(8);
      console.log(
        `${name.padEnd(26)}${base.toFixed(2).padStart(7)} ${median(on).toFixed(2).padStart(9)}   ${more.toFixed(2).padStart(6)} ms ${percent}`,
      );
    }
    await Promise.all([tracked.stop(), plain.stop()]);
  } finally {
    await databases.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
