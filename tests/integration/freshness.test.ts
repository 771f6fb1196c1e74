import { beforeEach, describe, expect, it } from 'vitest';
import { documents, purgeAll, type Doc, type Documents } from '../support/content';
import { tokens } from '../support/credentials';
import { useSite } from '../support/strapi';

const UID = 'api::article.article';
const PUBLISHED = '/api/articles?pagination[pageSize]=100&fields=title&sort=title';
const DRAFTS = `${PUBLISHED}&status=draft`;

interface Titles {
  readonly data: readonly { readonly title: string }[];
}

describe('a write', () => {
  const site = useSite();
  let articles: Documents;
  let article: Doc;
  let made = 0;

  beforeEach(async () => {
    articles = documents(site().strapi, UID);
    article = await articles.create({
      data: { title: `Article ${++made}`, slug: `article-${made}` },
      status: 'published',
    });
    await purgeAll(site().strapi);
    for (const url of [PUBLISHED, DRAFTS]) {
      await site().get(url);
      expect((await site().get(url)).header('x-cache'), url).toBe('HIT');
    }
  });

  const read = async (url: string): Promise<{ outcome: string | undefined; titles: string[] }> => {
    const answer = await site().get(url);
    return {
      outcome: answer.header('x-cache'),
      titles: answer.json<Titles>().data.map(({ title }) => title),
    };
  };
  const expectFresh = async (url: string, title: string, shown = true): Promise<void> => {
    const { outcome, titles } = await read(url);
    expect(outcome, url).toBe('MISS');
    expect(titles.includes(title), `${title} in ${url}`).toBe(shown);
  };
  const expectKept = async (url: string): Promise<void> => {
    expect((await read(url)).outcome, url).toBe('HIT');
  };
  const self = (): { documentId: string } => ({ documentId: article.documentId });

  it('create is shown by the next read', async () => {
    await articles.create({ data: { title: 'Created', slug: `created-${made}` }, status: 'published' });
    await expectFresh(PUBLISHED, 'Created');
    await expectFresh(DRAFTS, 'Created');
  });

  it('create of a draft is shown among drafts and keeps published responses', async () => {
    await articles.create({ data: { title: 'Sketched', slug: `sketched-${made}` } });
    await expectFresh(DRAFTS, 'Sketched');
    await expectKept(PUBLISHED);
  });

  it('update of a draft is shown among drafts and keeps published responses', async () => {
    await articles.update({ ...self(), data: { title: 'Reworded' } });
    await expectFresh(DRAFTS, 'Reworded');
    await expectKept(PUBLISHED);
  });

  it('update that publishes is shown by the next read', async () => {
    await articles.update({ ...self(), data: { title: 'Corrected' }, status: 'published' });
    await expectFresh(PUBLISHED, 'Corrected');
  });

  it('publish is shown by the next read', async () => {
    await articles.update({ ...self(), data: { title: 'Published now' } });
    await articles.publish(self());
    await expectFresh(PUBLISHED, 'Published now');
  });

  it('unpublish is shown by the next read', async () => {
    await articles.unpublish(self());
    await expectFresh(PUBLISHED, `Article ${made}`, false);
  });

  it('discardDraft is shown by the next read', async () => {
    await articles.update({ ...self(), data: { title: 'Thrown away' } });
    await expectFresh(DRAFTS, 'Thrown away');
    await articles.discardDraft(self());
    await expectFresh(DRAFTS, 'Thrown away', false);
  });

  it('clone is shown by the next read', async () => {
    await articles.clone({ ...self(), data: { title: 'Cloned', slug: `cloned-${made}` } });
    await expectFresh(DRAFTS, 'Cloned');
    await expectKept(PUBLISHED);
  });

  it('delete is shown by the next read', async () => {
    await articles.delete(self());
    await expectFresh(PUBLISHED, `Article ${made}`, false);
    await expectFresh(DRAFTS, `Article ${made}`, false);
  });

  it('that fails purges nothing', async () => {
    const other = await articles.create({ data: { title: 'Other', slug: `other-${made}` } });
    await read(PUBLISHED);
    await read(DRAFTS);
    await expect(
      articles.update({
        documentId: other.documentId,
        data: { title: 'x'.repeat(500) },
        status: 'published',
      }),
    ).rejects.toThrow();
    await expectKept(PUBLISHED);
    await expectKept(DRAFTS);
  });

  it('inside of a transaction is not shown before the commit, and is after it', async () => {
    await site().strapi.db.transaction(async () => {
      await articles.update({ ...self(), data: { title: 'Committed' }, status: 'published' });
      await expectKept(PUBLISHED);
    });
    await expectFresh(PUBLISHED, 'Committed');
  });

  it('inside of a transaction that is rolled back purges nothing', async () => {
    const undone = site().strapi.db.transaction(async () => {
      await articles.update({ ...self(), data: { title: 'Undone' }, status: 'published' });
      throw new Error('never mind');
    });
    await expect(undone).rejects.toThrow('never mind');
    await expectKept(PUBLISHED);
  });

  it('over REST is shown by the next read', async () => {
    const body = JSON.stringify({ data: { title: 'By REST' } });
    const answer = await site().send(`/api/articles/${article.documentId}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${tokens.fullAccess.key}`,
        'content-type': 'application/json',
        'content-length': String(body.length),
      },
      body,
    });
    expect(answer.status).toBe(200);
    expect(answer.header('cache-status')).toBe('Strapi; fwd=method');
    await expectFresh(PUBLISHED, 'By REST');
  });

  it('by the query engine is shown by the next read', async () => {
    await site()
      .strapi.db.query(UID)
      .updateMany({ where: { documentId: article.documentId }, data: { title: 'By query' } });
    await expectFresh(PUBLISHED, 'By query');
  });

  it('by raw SQL is shown by the next read', async () => {
    await site()
      .strapi.db.connection('articles')
      .where({ document_id: article.documentId })
      .update({ title: 'By SQL' });
    await expectFresh(PUBLISHED, 'By SQL');
  });
});

describe('a renamed relation', () => {
  const site = useSite();
  const WITH_AUTHOR = '/api/articles?populate=author&pagination[pageSize]=100';
  const WITHOUT = '/api/articles?fields=title';

  it('is shown by everything that shows it, and by nothing else anew', async () => {
    await purgeAll(site().strapi);
    for (const url of [WITH_AUTHOR, WITHOUT]) await site().get(url);
    const authors = documents(site().strapi, 'api::author.author');
    const { data } = (await site().get(WITH_AUTHOR)).json<{ data: { author: Doc | null }[] }>();
    const author = data.find((it) => it.author)?.author;
    await authors.update({ documentId: author?.documentId, data: { name: 'Renamed Author' } });
    const after = await site().get(WITH_AUTHOR);
    expect(after.header('x-cache')).toBe('MISS');
    expect(String(after.body)).toContain('Renamed Author');
    expect((await site().get(WITHOUT)).header('x-cache')).toBe('HIT');
  });
});
