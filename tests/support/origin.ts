import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { documents, type Doc } from './content';
import { addRoutes, type TestRoute } from './routes';

const TAG = 'api::tag.tag';

/** A route `/api/thing/:name` whose handler reads the tags, and does what a test wants. */
export class Origin {
  /** How often the handler ran. */
  runs = 0;
  /** What the handler does besides. */
  behave: (ctx: Context) => unknown = () => undefined;
  private open: () => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();

  reset(): void {
    this.open();
    this.runs = 0;
    this.behave = () => undefined;
    this.gate = Promise.resolve();
  }

  /** The handler stands still, after it has read, until `release`. */
  hold(): void {
    this.gate = new Promise((resolve) => (this.open = resolve));
  }

  release(): void {
    this.open();
    this.gate = Promise.resolve();
  }

  readonly register = ({ strapi }: { strapi: Core.Strapi }): void =>
    addRoutes(strapi, 'thing', [this.route(strapi, 'GET'), this.route(strapi, 'POST')]);

  private route(strapi: Core.Strapi, method: string): TestRoute {
    return {
      path: '/thing/:name',
      method,
      handler: async (ctx) => {
        const run = method === 'GET' ? ++this.runs : 0;
        const { gate } = this;
        const [tag] = (await strapi.db.query(TAG).findMany({ orderBy: { id: 'asc' } })) as Doc[];
        await gate;
        ctx.body = { run, tag: tag?.name };
        await this.behave(ctx);
      },
    };
  }
}

/** Gives the first tag another name. */
export async function renameTag(strapi: Core.Strapi, name: string): Promise<void> {
  const [tag] = await documents(strapi, TAG).findMany({ sort: 'id:asc' });
  await documents(strapi, TAG).update({ documentId: tag?.documentId, data: { name } });
}
