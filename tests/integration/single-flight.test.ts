import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/http';
import { documents, purgeAll } from '../support/content';
import { addRoutes } from '../support/routes';
import { useSite } from '../support/strapi';

/** A handler that stands still until the test opens its gate, and counts how often it ran. */
class Stage {
  runs = 0;
  private open: () => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();
  outcome: (run: number) => void = () => undefined;
  headers: Record<string, string> = {};

  close(): void {
    this.runs = 0;
    this.outcome = () => undefined;
    this.headers = {};
    this.gate = new Promise((resolve) => (this.open = resolve));
  }

  release(): void {
    this.open();
  }

  async enter(): Promise<number> {
    const run = ++this.runs;
    await this.gate;
    this.outcome(run);
    return run;
  }
}

const stage = new Stage();
const TAG = 'api::tag.tag';

describe('200 visitors who ask at once for what is not there yet', () => {
  const site = useSite({
    register: ({ strapi }) =>
      addRoutes(strapi, 'stage', [
        {
          path: '/stage/:name',
          handler: async (ctx) => {
            const tags = await strapi.db.query(TAG).findMany({ orderBy: { id: 'asc' } });
            const run = await stage.enter();
            ctx.set(stage.headers);
            return { run, first: (tags[0] as { name: string }).name };
          },
        },
      ]),
  });
  beforeEach(async () => {
    await purgeAll(site().strapi);
    stage.close();
  });

  /** Sends the requests and resolves when all of them have reached the server. */
  const crowd = async (url: string, size = 200): Promise<Promise<Answer>[]> => {
    const { httpServer } = site().strapi.server;
    let left = size;
    const arrived = new Promise<void>((resolve) => {
      httpServer.on('request', function count() {
        if (--left > 0) return;
        httpServer.off('request', count);
        resolve();
      });
    });
    const answers = Array.from({ length: size }, () => site().get(url));
    await arrived;
    await new Promise((resolve) => setImmediate(resolve));
    return answers;
  };

  it('run the handler once and get the same answer', async () => {
    const waiting = await crowd('/api/stage/one');
    stage.release();
    const answers = await Promise.all(waiting);
    expect(stage.runs).toBe(1);
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]));
    expect(new Set(answers.map((it) => String(it.body))).size).toBe(1);
    const statuses = answers.map((it) => it.header('cache-status'));
    expect(statuses.filter((it) => it === 'Strapi; fwd=uri-miss; stored; ttl=3600')).toHaveLength(1);
    expect(statuses.filter((it) => it === 'Strapi; fwd=uri-miss; collapsed')).toHaveLength(199);
  });

  it('each get an answer of their own when the first one fails', async () => {
    stage.outcome = (run) => {
      if (run === 1) throw new Error('the first one fails');
    };
    const waiting = await crowd('/api/stage/failing', 20);
    stage.release();
    const statuses = (await Promise.all(waiting)).map((it) => it.status).sort();
    expect(statuses).toEqual([...Array.from({ length: 19 }, () => 200), 500]);
  });

  it('do not wait for each other again after a response that could not be shared', async () => {
    stage.headers = { 'Set-Cookie': 'seen=1' };
    stage.release();
    await site().get('/api/stage/unshared');
    const answer = await site().get('/api/stage/unshared');
    expect(answer.header('cache-status')).toBe('Strapi; fwd=uri-miss; detail=unshared');
  });

  it('wait for each other again after a failure, and the next response is stored', async () => {
    stage.outcome = (run) => {
      if (run === 1) throw new Error('the first one fails');
    };
    stage.release();
    expect((await site().get('/api/stage/recovers')).status).toBe(500);
    const answer = await site().get('/api/stage/recovers');
    expect(answer.header('cache-status')).toBe('Strapi; fwd=uri-miss; stored; ttl=3600');
  });

  it('are never answered with what the handler read before a write that they came after', async () => {
    const early = await crowd('/api/stage/overtaken', 1);
    const [tag] = await documents(site().strapi, TAG).findMany({ sort: 'id:asc' });
    await documents(site().strapi, TAG).update({ documentId: tag?.documentId, data: { name: 'Renamed' } });
    const late = await crowd('/api/stage/overtaken', 20);
    stage.release();
    const answers = await Promise.all(late);
    expect((await Promise.all(early))[0]?.header('cache-status')).toBe(
      'Strapi; fwd=uri-miss; detail=purged-during-fill',
    );
    expect(new Set(answers.map((it) => it.json<{ first: string }>().first))).toEqual(new Set(['Renamed']));
    expect(stage.runs).toBeLessThanOrEqual(3);
    const after = await site().get('/api/stage/overtaken');
    expect(after.json<{ first: string }>().first).toBe('Renamed');
  });
});
