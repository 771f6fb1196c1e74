import { isLookup } from './lookups';
import { typeTag, type Dim, type Status } from './tags';

interface ColumnRef {
  readonly name: string;
  readonly referencedColumn?: string;
}

interface JoinTable {
  readonly name: string;
  readonly joinColumn: ColumnRef;
  readonly inverseJoinColumn?: ColumnRef;
  readonly morphColumn?: MorphColumn;
  readonly orderColumnName?: string;
  readonly inverseOrderColumnName?: string;
}

interface MorphColumn {
  readonly idColumn: ColumnRef;
  readonly typeColumn: ColumnRef;
  readonly typeField?: string;
}

/** What the trackers need of `@strapi/database`'s metadata of an attribute. */
export interface Attribute {
  readonly type: string;
  readonly columnName?: string;
  readonly unique?: boolean;
  readonly default?: unknown;
  readonly relation?: string;
  readonly target?: string;
  readonly morphBy?: string;
  readonly inversedBy?: string;
  readonly owner?: boolean;
  readonly joinTable?: JoinTable;
  readonly joinColumn?: ColumnRef & { readonly referencedTable?: string };
  readonly morphColumn?: MorphColumn;
}

export interface Model {
  readonly uid: string;
  /** The tag of everything of the type. */
  readonly typeTag: string;
  readonly table: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly hasStatus: boolean;
  readonly hasLocale: boolean;
  readonly statuses: readonly Status[];
  readonly anyDims: readonly Dim[];
  /** Attributes by which rows are looked up: a read by one of them depends on that value only. */
  readonly lookups: ReadonlySet<string>;
  /** Database column to attribute name, foreign key columns included. */
  readonly byColumn: ReadonlyMap<string, string>;
  /** The metadata object itself, for functions of Strapi that want it. */
  readonly meta: unknown;
}

/** Types whose lookup attribute is unique by use though the schema does not say so. */
const LOOKUPS: Readonly<Record<string, readonly string[]>> = {
  'strapi::core-store': ['key'],
  'admin::api-token': ['accessKey'],
};

/** A model as `@strapi/database` keeps it. */
export interface RawMeta {
  readonly uid: string;
  readonly tableName: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The metadata of a model in the trackers' words. */
export function describeModel(
  uid: string,
  meta: RawMeta,
  traits: { hasStatus: boolean; hasLocale: boolean },
): Model {
  const { attributes } = meta;
  const byColumn = new Map<string, string>();
  const lookups = new Set(['id', ...(LOOKUPS[uid] ?? [])]);
  for (const [name, attribute] of Object.entries(attributes)) {
    if (isLookup(name, attribute)) lookups.add(name);
    byColumn.set(attribute.columnName ?? name, name);
    if (attribute.joinColumn && attribute.owner) byColumn.set(attribute.joinColumn.name, name);
    if (attribute.morphColumn) {
      byColumn.set(attribute.morphColumn.idColumn.name, name);
      byColumn.set(attribute.morphColumn.typeColumn.name, name);
    }
  }
  const statuses: readonly Status[] = traits.hasStatus ? ['p', 'd'] : ['-'];
  return {
    uid,
    typeTag: typeTag(uid),
    table: meta.tableName,
    attributes,
    ...traits,
    statuses,
    anyDims: statuses.map((status): Dim => `${status}|${traits.hasLocale ? '*' : '-'}`),
    lookups,
    byColumn,
    meta,
  };
}

/** A model that a read knows nothing more of: every status, any locale. */
export const anyDims = (model: Model): readonly Dim[] => model.anyDims;
