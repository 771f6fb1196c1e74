import { expect, it } from 'vitest';
import { tokens } from '../support/credentials';
import { useSite } from '../support/strapi';

const TAG = 'api::tag.tag';
const READERS = 200;
const WRITERS = 20;
/** Each writer stops after so many writes, or after the seconds of `CROWD_SECONDS`. */
const WRITES = 6;
const seconds = Number(process.env.CROWD_SECONDS ?? 0);

const site = useSite();

interface Tag {
  readonly documentId: string;
  readonly name: string;
}

/** Tags in an answer, whatever it shows beside them. */
function tagsIn(value: unknown, found: Tag[] = []): Tag[] {
  if (Array.isArray(value)) for (const item of value) tagsIn(item, found);
  else if (value !== null && typeof value === 'object') {
    const { documentId, name } = value as Partial<Tag>;
    if (typeof documentId === 'string' && typeof name === 'string') found.push({ documentId, name });
    for (const item of Object.values(value)) tagsIn(item, found);
  }
  return found;
}

it(`${READERS} readers never see less than what ${WRITERS} writers had been told was written`, async () => {
  const { strapi } = site();
  const rows = (await strapi.db.query(TAG).findMany({ limit: WRITERS, orderBy: 'id' })) as Tag[];
  expect(rows.length).toBeGreaterThan(5);
  const ids = Array.from({ length: WRITERS }, (_, i) => rows[i % rows.length]!.documentId);
  /** What the last answered write has made of each tag: writers of one tag take turns. */
  const written = new Map(ids.map((id) => [id, 0]));
  const turn = new Map<string, Promise<void>>();
  const urls = [
    ...[...written.keys()].flatMap((id) => [`/api/tags/${id}`, `/api/tags/${id}?populate=articles`]),
    '/api/tags?pagination[pageSize]=100',
    '/api/tags?sort=name&fields=name',
    '/api/articles?populate=tags&pagination[pageSize]=50',
  ];
  const until = performance.now() + seconds * 1000;
  let writing = WRITERS;
  let [hits, reads] = [0, 0];

  const write = async (id: string): Promise<void> => {
    const version = (written.get(id) ?? 0) + 1;
    const { status } = await site().send(`/api/tags/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${tokens.fullAccess.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ data: { name: `version ${version} of ${id}` } }),
    });
    expect(status).toBe(200);
    written.set(id, version);
  };

  const writer = async (id: string): Promise<void> => {
    for (let i = 0; seconds > 0 ? performance.now() < until : i < WRITES; i++) {
      const mine = (turn.get(id) ?? Promise.resolve()).then(() => write(id));
      turn.set(id, mine);
      await mine;
    }
  };

  const reader = async (start: number): Promise<void> => {
    for (let i = start; writing > 0; i += 7) {
      const known = new Map(written);
      const answer = await site().get(urls[i % urls.length]!);
      expect(answer.status).toBe(200);
      reads++;
      if (answer.header('x-cache') === 'HIT') hits++;
      for (const { documentId, name } of tagsIn(answer.json())) {
        const least = known.get(documentId) ?? 0;
        if (least > 0) expect(Number(/^version (\d+) of/.exec(name)?.[1])).toBeGreaterThanOrEqual(least);
      }
    }
  };

  const writers = ids.map((id) => writer(id).finally(() => writing--));
  const readers = Array.from({ length: READERS }, (_, i) => reader(i));
  await Promise.all([...writers, ...readers]);

  expect(hits).toBeGreaterThan(reads / 10);
  for (const url of urls) {
    const cached = await site().get(url);
    const right = await site().get(url, { range: 'bytes=0-' }); // never looked up
    expect(right.header('x-cache')).toBe('BYPASS');
    expect(String(cached.body)).toBe(String(right.body));
  }
}, 300_000);
