import type { Core } from '@strapi/strapi';
import { asTracker } from './orm';
import { isOutward, outward, subjectsOf } from './outward-tags';
import type { Schema } from './schema';
import { outside } from './self-request';

interface Builder {
  select(columns: string[]): Builder;
  where(where: object): Builder;
  execute(options: { mapResults: boolean }): Promise<unknown>;
}

/** Rows that are looked up in one statement. */
const MOST_ROWS = 500;

type Rows = Map<string, Set<string>>;

const note = (rows: Rows, uid: string, id: string): void => {
  const known = rows.get(uid);
  if (known) known.add(id);
  else rows.set(uid, new Set([id]));
};

/** Turns what a purge names into what caches outside know it by. */
export class OutwardPurges {
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
  ) {}

  /** Reads the documents of the rows in question. What cannot be told apart is its whole type. */
  async of(tags: Iterable<string>): Promise<Set<string>> {
    const { schema } = this;
    const found = new Set<string>();
    const rows: Rows = new Map();
    const linked: Rows = new Map();
    const components = new Set<string>();
    const named = new Set<string>();
    for (const tag of tags)
      for (const subject of subjectsOf(tag, schema)) {
        if (subject.of === 'name') {
          if (!subject.name.includes(':')) found.add(subject.name);
        } else if (subject.of === 'document') {
          found.add(outward.document(subject.uid, subject.documentId));
          named.add(subject.uid);
        } else if (subject.of === 'row' || subject.of === 'row-links') {
          const { uid, id, of } = subject;
          if (schema.isComponent(uid)) {
            if (of === 'row') components.add(uid);
            else found.add(outward.links(uid));
          } else if (!schema.has(uid) || !schema.model(uid).attributes.documentId)
            found.add(outward.type(uid));
          else note(of === 'row' ? rows : linked, uid, id);
        } else found.add(outward[subject.of](subject.uid));
      }
    // A component is written with its document, by whose row everybody who shows it knows it too.
    if (rows.size === 0) for (const uid of components) found.add(outward.type(uid));
    await this.addDocuments(rows, named, found, outward.document);
    await this.addDocuments(linked, named, found, outward.documentLinks);
    return new Set([...found].filter(isOutward));
  }

  /** A row that is gone was purged together with the id of its document, under which it could be looked up. */
  private async addDocuments(
    rows: Rows,
    named: ReadonlySet<string>,
    found: Set<string>,
    name: (uid: string, documentId: string) => string,
  ): Promise<void> {
    for (const [uid, ids] of rows) {
      const known = await this.documentIds(uid, [...ids]);
      for (const documentId of known ?? []) found.add(name(uid, documentId));
      if ((known === null || known.length < ids.size) && !named.has(uid)) found.add(outward.type(uid));
    }
  }

  private async documentIds(uid: string, ids: readonly string[]): Promise<string[] | null> {
    const found: string[] = [];
    try {
      for (let i = 0; i < ids.length; i += MOST_ROWS) {
        const some = ids.slice(i, i + MOST_ROWS);
        const rows = (await outside(() => this.read(uid, some))) as { document_id?: string }[];
        found.push(...rows.flatMap((row) => row.document_id ?? []));
      }
      return found;
    } catch {
      return null;
    }
  }

  private read(uid: string, ids: readonly string[]): Promise<unknown> {
    const query = this.strapi.db.queryBuilder(uid) as unknown as Builder;
    return asTracker(() =>
      query
        .select(['documentId'])
        .where({ id: { $in: ids } })
        .execute({ mapResults: false }),
    );
  }
}
