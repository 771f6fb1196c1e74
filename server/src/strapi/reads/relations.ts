import { Generations, sharedTexts } from '../../core/shared-texts';
import { anyDims, type Model, type Schema } from '../schema';
import {
  anyRowTag,
  attributeTag,
  shownTag,
  linkTag,
  lookupTag,
  memberTag,
  rowAttributeTag,
  rowTag,
  type Dim,
  type RowId,
  type Status,
} from '../tags';

/** Ids whose tags are remembered in a generation. */
const MOST = 500;

/** The tags of the rows of one kind, by id: a list is read again and again, and to put its tags together is most of the work. */
class TagsById {
  private readonly tags = new Generations<RowId, string>(MOST);
  private readonly shared: (id: RowId) => string;

  constructor(make: (id: RowId) => string) {
    this.shared = (id) => sharedTexts.one(make(id));
  }

  of(id: RowId): string {
    return this.tags.of(id, this.shared);
  }
}

/** A relation attribute, as a read that populates it sees it. */
export interface Relation {
  /** Null where any type may stand. */
  readonly target: Model | null;
  /** The field of a populated row that names its type, where any may stand. */
  readonly typeField: string;
  /** The join table; null where the link is a column. */
  readonly table: string | null;
  /** The column of the join table that holds the row's id, or `morph`. */
  readonly side: string;
  /** The tags of the links of one row, to targets in these dims; each is the same text every time. */
  linkTags(id: RowId, documentId: unknown, dims: readonly Dim[]): readonly string[];
  /**
   * The tag of a linked row, where its own row tag does not tell that the link went; null where it does.
   * @param partial a few columns of it are shown
   */
  childTag(id: RowId, partial: boolean): string | null;
}

/** What reads need to know of a type, worked out once. */
export interface ReadModel {
  readonly rowTags: TagsById;
  /** Relation attributes only. */
  relation(name: string): Relation | null;
}

/** The read models of all types. */
export class ReadModels {
  private readonly known = new Map<Model, ReadModel>();

  constructor(private readonly schema: Schema) {}

  of(model: Model): ReadModel {
    const known = this.known.get(model);
    if (known) return known;
    const relations = new Map<string, Relation | null>();
    const made: ReadModel = {
      rowTags: new TagsById((id) => rowTag(model.uid, id)),
      relation: (name) => {
        let found = relations.get(name);
        if (found === undefined) relations.set(name, (found = this.relation(model, name)));
        return found;
      },
    };
    this.known.set(model, made);
    return made;
  }

  private relation(model: Model, name: string): Relation | null {
    const attribute = model.attributes[name];
    if (attribute?.type !== 'relation') return null;
    const { schema } = this;
    const target = attribute.target && schema.has(attribute.target) ? schema.model(attribute.target) : null;
    const typeField = (attribute.morphColumn ?? attribute.joinTable?.morphColumn)?.typeField ?? '__type';
    const link = schema.link(model, name);
    if (link) {
      const { table, side } = link;
      const own = (id: RowId): RowId => (side === 'morph' ? `${model.uid}:${id}` : id);
      const tagsTo = (status: Status): TagsById =>
        new TagsById((id) => linkTag(table, side, own(id), status));
      const [any, drafts, published] = [tagsTo('-'), tagsTo('d'), tagsTo('p')];
      // the status of the rows that a populate may show is that of the far end of its links
      const linkTags: Relation['linkTags'] = (id, _documentId, dims) => {
        if (side === 'morph' || !target) return [any.of(id)];
        const statuses = statusesOf(dims);
        return statuses.map((status) => (status === '-' ? any : status === 'd' ? drafts : published).of(id));
      };
      const { far } = link;
      const named = target !== null && !schema.isComponent(target.uid);
      const shown = named ? new TagsById((id) => shownTag(table, far ?? 'row', id)) : null;
      const exclusive = /^one/.test(attribute.relation ?? '');
      return {
        target,
        typeField,
        table,
        side,
        linkTags,
        childTag: (id, partial) => (shown && (exclusive || partial) ? shown.of(id) : null),
      };
    }
    // the link is a column of the row itself, or of the row that it leads to
    const ofRow = new TagsById((id) => rowAttributeTag(model.uid, id, name));
    const far = attribute.joinColumn && !attribute.owner && target ? target : null;
    const column = far?.byColumn.get(attribute.joinColumn?.referencedColumn ?? '');
    if (far && column !== 'documentId') {
      // any row of the other type may come to point at it, or cease to
      const tags = anyDims(far).flatMap((dim) =>
        column === undefined
          ? [anyRowTag(far.uid, dim)]
          : [memberTag(far.uid, dim), attributeTag(far.uid, dim, column)],
      );
      const shared = sharedTexts.all(tags);
      return { target, typeField, table: null, side: '', linkTags: () => shared, childTag: () => null };
    }
    const linkTags: Relation['linkTags'] = (id, documentId) => {
      if (!far || typeof documentId !== 'string') return [ofRow.of(id)];
      const value = documentId.toLowerCase();
      return anyDims(far).map((dim) => sharedTexts.one(lookupTag(far.uid, dim, 'documentId', value)));
    };
    return { target, typeField, table: null, side: '', linkTags, childTag: () => null };
  }
}

/** Each status of some dims once. */
function statusesOf(dims: readonly Dim[]): readonly Status[] {
  const [first] = dims;
  if (first !== undefined && dims.length === 1) return [first[0] as Status];
  return [...new Set(dims.map((dim) => dim[0] as Status))];
}
