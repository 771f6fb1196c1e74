import { channel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import { PIECES, type Piece } from '../../server/src/compatibility';
import { startSite, type Site, type SiteOptions } from '../support/strapi';

/** Held as long as the tests run, see `compatibility.ts`. */
const published = channel('upstash-cache.pieces');
const LIST = '/api/tags?sort=name';

let site: Site | undefined;

afterEach(async () => {
  await site?.stop();
  site = undefined;
});

/** Starts a site whose Strapi seems to lack a piece. */
async function startWithout(name: string, options: SiteOptions = {}): Promise<Site> {
  const hide = (message: unknown): void => {
    const pieces = message as Piece[];
    const at = pieces.findIndex((piece) => piece.name === name);
    pieces[at] = { ...pieces[at]!, present: () => false };
  };
  published.subscribe(hide);
  try {
    return (site = await startSite(options));
  } finally {
    published.unsubscribe(hide);
  }
}

const rename = async ({ strapi }: Site, name: string): Promise<void> => {
  const tags = strapi.documents('api::tag.tag' as never);
  const first = (await tags.findFirst({})) as unknown as { documentId: string };
  await tags.update({ documentId: first.documentId, data: { name } as never });
};

const SAID = {
  uncached: 'requests go uncached',
  'by-type': 'writes purge whole content types',
  'at-route': 'hits are answered inside of routes',
  'no-limits': 'rate limits are off',
};

describe.each(PIECES.map(({ name, without }) => [name, without] as const))(
  'a Strapi without %s (%s)',
  (name, without) => {
    it('starts, says so once, and answers what is right', async () => {
      const running = await startWithout(name);
      const lines = running.log.filter((line) => line.includes('this version of Strapi lacks'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(name);
      expect(lines[0]).toContain(SAID[without]);

      expect((await running.get(LIST)).status).toBe(200);
      const second = await running.get(LIST);
      expect(second.header('x-cache')).toBe(without === 'uncached' ? 'BYPASS' : 'HIT');
      if (without === 'uncached')
        expect(second.header('cache-status')).toBe('Strapi; fwd=bypass; detail=incompatible');

      await rename(running, 'Renamed without');
      expect((await running.get(LIST)).body.toString()).toContain('Renamed without');
    });
  },
);

describe('a Strapi that has everything', () => {
  it('is not spoken of', async () => {
    site = await startSite();
    expect(site.log.filter((line) => line.includes('lacks'))).toEqual([]);
  });
});
