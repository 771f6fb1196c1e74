import { endsOf, type Schema } from './schema';

/**
 * What a tag speaks of, in terms that caches outside can be told. Reads and writes of one tag speak of the same:
 * that is why what falls here falls there.
 */
export type Subject =
  /** Which documents of a type there are, and by what they are found and sorted. */
  | { readonly of: 'list'; readonly uid: string }
  /** Everything that has to do with a type. */
  | { readonly of: 'type'; readonly uid: string }
  /** The links of any document of a type. */
  | { readonly of: 'links'; readonly uid: string }
  | { readonly of: 'document'; readonly uid: string; readonly documentId: string }
  | { readonly of: 'row' | 'row-links'; readonly uid: string; readonly id: string }
  /** A name that the application gave. */
  | { readonly of: 'name'; readonly name: string };

/** The subjects of a tag (`tags.ts`). A route and a key have none. */
export function* subjectsOf(tag: string, schema: Schema): Generator<Subject> {
  const [kind = '', second = '', third = '', fourth = '', fifth = ''] = tag.split('|');
  switch (kind) {
    case 'u':
      return yield { of: 'type', uid: second };
    case 'x':
    case 'm':
    case 'a':
      return yield { of: 'list', uid: second };
    case 'o':
      return yield { of: 'links', uid: second };
    case 'e': {
      const [attribute, documentId] = split(fifth, fifth.indexOf('='));
      if (attribute === 'documentId') return yield { of: 'document', uid: second, documentId };
      return yield { of: 'list', uid: second };
    }
    case 'r':
      return yield { of: 'row', uid: second, id: third };
    case 's':
      if (!schema.links().has(second))
        return yield { of: 'row', uid: second.split('.', 2).join('.'), id: fourth };
      return yield* linkedRows(second, third, fourth, schema);
    case 'l':
      return yield* linkedRows(second, third, fourth, schema);
    case 'n':
      if (schema.has(second) && !schema.links().has(second)) return yield { of: 'list', uid: second };
      return yield* linksOf(second, schema);
    case 'j':
    case 'k':
      return yield* linksOf(second, schema);
    case 't':
      for (const uid of typesOf(second, schema)) yield { of: 'type', uid };
      return;
    case 'c':
      return yield { of: 'type', uid: split(second, second.lastIndexOf('.'))[0] };
    case 'app':
      return yield { of: 'name', name: tag.slice('app|'.length) };
  }
}

function* linksOf(table: string, schema: Schema): Generator<Subject> {
  for (const uid of typesOf(table, schema)) yield { of: 'links', uid };
}

function* linkedRows(table: string, side: string, id: string, schema: Schema): Generator<Subject> {
  if (side === 'morph') {
    const [uid, row] = split(id, id.lastIndexOf(':'));
    return yield { of: 'row-links', uid, id: row };
  }
  const { owner, far } = schema.links().get(table) ?? {};
  if (owner?.column === side) yield { of: 'row-links', uid: owner.uid, id };
  else for (const uid of far?.uids ?? []) yield { of: 'row-links', uid, id };
}

/** A join table is a model of its own as well, of which nobody outside has heard. */
function typesOf(table: string, schema: Schema): string[] {
  const links = schema.links().get(table);
  if (links) return endsOf(links);
  const uid = schema.uidOfTable(table);
  return uid === undefined ? [] : [uid];
}

/** The text before and after a place; all of it where there is no such place. */
const split = (text: string, at: number): [string, string] =>
  at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];

/** `api::article.article` is `article`, `plugin::upload.file` is `upload.file`, a component is its uid. */
export function outwardType(uid: string): string {
  const [origin = '', rest] = uid.split('::');
  if (rest === undefined) return uid;
  if (origin === 'api') return split(rest, rest.lastIndexOf('.'))[1] || rest;
  return origin === 'plugin' ? rest : `${origin}.${rest}`;
}

/** Everything of a type; its lists; any links of its documents; a document; the links of a document. */
export const outward = {
  type: (uid: string): string => `${outwardType(uid)}:all`,
  list: (uid: string): string => outwardType(uid),
  links: (uid: string): string => `${outwardType(uid)}:links`,
  document: (uid: string, id: string): string => `${outwardType(uid)}:${id.toLowerCase()}`,
  documentLinks: (uid: string, id: string): string => `${outwardType(uid)}:${id.toLowerCase()}:links`,
};

/** What header syntaxes and CDNs take in a tag (RFC 9651 section 3.3.3; no space, no comma, no quote). */
export const isOutward = (tag: string): boolean => /^[\w.:@/+~-]{1,128}$/.test(tag);

/**
 * The tags under which caches outside should keep a response.
 * @param documents ids of the documents that the rows belong to, by type and row id
 * @returns null when it depends on something that has no outward name: no purge could reach it
 */
export function outwardTagsOf(
  tags: Iterable<string>,
  documents: ReadonlyMap<string, string | null>,
  schema: Schema,
): Set<string> | null {
  const found = new Set<string>();
  for (const tag of tags)
    for (const subject of subjectsOf(tag, schema)) {
      switch (subject.of) {
        case 'name':
          if (subject.name.includes(':')) return null; // would be taken for a document
          found.add(subject.name);
          break;
        case 'document':
          found.add(outward.document(subject.uid, subject.documentId));
          break;
        case 'row':
        case 'row-links': {
          const { uid, id, of } = subject;
          if (schema.isComponent(uid)) {
            // a row of a component falls with its document, or with everything of its type
            if (of === 'row-links') found.add(outward.links(uid));
            break;
          }
          if (!schema.has(uid) || !schema.model(uid).attributes.documentId) {
            found.add(outward.type(uid));
            break;
          }
          const documentId = documents.get(`${uid}|${id}`);
          if (typeof documentId !== 'string') return null;
          found.add(
            of === 'row' ? outward.document(uid, documentId) : outward.documentLinks(uid, documentId),
          );
          break;
        }
        default:
          found.add(outward[subject.of](subject.uid));
      }
    }
  return [...found].every(isOutward) ? found : null;
}
