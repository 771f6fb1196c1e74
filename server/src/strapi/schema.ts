import type { Core } from '@strapi/strapi';
import { describeModel, type Model, type RawMeta } from './model';

export { anyDims, type Attribute, type Model } from './model';

/** A list of links as one row of a model sees it. */
export interface Link {
  /** Join table, or `uid.attribute` where the link is a pair of columns on the other type's own table. */
  readonly table: string;
  /** Column that holds the row's id, or `morph` where type, id and field together do. */
  readonly side: string;
  /** The column on the far side, null where any type may stand. */
  readonly far: string | null;
  readonly target: string | null;
}

export interface JoinTableInfo {
  readonly name: string;
  readonly owner: { readonly uid: string; readonly column: string };
  /** Several types where components of several attributes share the table of their parent. */
  readonly far: { readonly uids: readonly string[]; readonly column: string } | null;
  readonly morph: { readonly id: string; readonly type: string } | null;
  /** Columns that keep the order of one side and of the other. */
  readonly orders: readonly string[];
  /** Whether links of several attributes share the table. */
  readonly hasField: boolean;
}

/** The types that a join table is known to link. */
export const endsOf = ({ owner, far }: JoinTableInfo): string[] => [owner.uid, ...(far?.uids ?? [])];

/** The database metadata, read once and asked in the trackers' words. */
export class Schema {
  private readonly models = new Map<string, Model>();
  private readonly referrers = new Map<string, readonly string[]>();
  private joinTables: ReadonlyMap<string, JoinTableInfo> | null = null;
  private tables: ReadonlyMap<string, string> | null = null;

  constructor(private readonly strapi: Core.Strapi) {}

  isComponent(uid: string): boolean {
    return uid in this.strapi.components;
  }

  has(uid: string): boolean {
    return this.strapi.db.metadata.has(uid);
  }

  model(uid: string): Model {
    const known = this.models.get(uid);
    if (known) return known;
    const model = describeModel(
      uid,
      this.strapi.db.metadata.get(uid) as unknown as RawMeta,
      this.traits(uid),
    );
    this.models.set(uid, model);
    return model;
  }

  /** The type whose rows a table holds. */
  uidOfTable(table: string): string | undefined {
    this.tables ??= new Map(this.metas().map((meta) => [meta.tableName, meta.uid]));
    return this.tables.get(table);
  }

  /**
   * Types whose rows point at rows of a type by a column of their own (`createdBy`): the database empties it, and
   * nobody is told, when the row that it points at is deleted.
   */
  referring(uid: string): readonly string[] {
    const known = this.referrers.get(uid);
    if (known) return known;
    const found = this.metas()
      .filter(({ attributes }) =>
        Object.values(attributes).some((it) => it.joinColumn && it.owner && it.target === uid),
      )
      .map((meta) => meta.uid);
    this.referrers.set(uid, found);
    return found;
  }

  /** Every join table, by name. */
  links(): ReadonlyMap<string, JoinTableInfo> {
    this.joinTables ??= this.readJoinTables();
    return this.joinTables;
  }

  /** The link list that a relation attribute shows, or null for a relation kept in the row's own columns. */
  link(model: Model, name: string): Link | null {
    const attribute = model.attributes[name];
    if (!attribute) return null;
    const { joinTable } = attribute;
    if (joinTable) {
      const far = joinTable.inverseJoinColumn?.name ?? null;
      return {
        table: joinTable.name,
        side: joinTable.joinColumn.name,
        far,
        target: attribute.target ?? null,
      };
    }
    if (attribute.morphBy && attribute.target) {
      const owner = this.model(attribute.target).attributes[attribute.morphBy];
      if (owner?.joinTable)
        return {
          table: owner.joinTable.name,
          side: 'morph',
          far: owner.joinTable.joinColumn.name,
          target: attribute.target,
        };
      return {
        table: `${attribute.target}.${attribute.morphBy}`,
        side: 'morph',
        far: null,
        target: attribute.target,
      };
    }
    return null;
  }

  /** Every content type has the columns of draft & publish and of locales; only its options say whether they are used. */
  private traits(uid: string): { hasStatus: boolean; hasLocale: boolean } {
    const contentTypes = this.strapi.contentTypes as unknown as Record<
      string,
      ContentTypeOptions | undefined
    >;
    const type = contentTypes[uid];
    return {
      hasStatus: type?.options?.draftAndPublish === true,
      hasLocale: type?.pluginOptions?.i18n?.localized === true,
    };
  }

  private metas(): RawMeta[] {
    return [...this.strapi.db.metadata.values()] as unknown as RawMeta[];
  }

  private readJoinTables(): ReadonlyMap<string, JoinTableInfo> {
    const found = new Map<string, JoinTableInfo>();
    for (const meta of this.metas()) {
      for (const attribute of Object.values(meta.attributes)) {
        const { joinTable } = attribute;
        if (!joinTable) continue;
        const known = found.get(joinTable.name);
        const { morphColumn, inverseJoinColumn } = joinTable;
        const column = inverseJoinColumn?.name ?? known?.far?.column ?? null;
        const inverse = known !== undefined && known.owner.column !== joinTable.joinColumn.name;
        // the metadata knows every join table as a model of its own, with its columns
        const columns = this.strapi.db.metadata.get(joinTable.name).attributes;
        const named = [joinTable.orderColumnName, joinTable.inverseOrderColumnName, morphColumn && 'order'];
        const orders = new Set(known?.orders);
        for (const name of named) if (name !== undefined && name in columns) orders.add(name);
        const uids = new Set(known?.far?.uids);
        if (inverseJoinColumn && attribute.target && !inverse) uids.add(attribute.target);
        found.set(joinTable.name, {
          name: joinTable.name,
          owner: known?.owner ?? { uid: meta.uid, column: joinTable.joinColumn.name },
          far: inverse ? known.far : column === null ? null : { uids: [...uids], column },
          morph:
            known?.morph ??
            (morphColumn ? { id: morphColumn.idColumn.name, type: morphColumn.typeColumn.name } : null),
          orders: [...orders],
          hasField: 'field' in columns,
        });
      }
    }
    return found;
  }
}

interface ContentTypeOptions {
  readonly options?: { readonly draftAndPublish?: boolean };
  readonly pluginOptions?: { readonly i18n?: { readonly localized?: boolean } };
}
