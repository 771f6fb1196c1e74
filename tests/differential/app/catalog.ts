import type { Core } from '@strapi/strapi';
import type { AttributeInfo, Catalog, CatalogRow, TypeInfo } from '../protocol';

interface Schema {
  readonly kind?: string;
  readonly info: { readonly singularName: string; readonly pluralName: string };
  readonly options?: { readonly draftAndPublish?: boolean };
  readonly pluginOptions?: { readonly i18n?: { readonly localized?: boolean } };
  readonly attributes: Readonly<Record<string, Omit<AttributeInfo, 'name'> & { private?: boolean }>>;
}

const HIDDEN = new Set([
  'createdBy',
  'updatedBy',
  'localizations',
  'locale',
  'publishedAt',
  'createdAt',
  'updatedAt',
]);

/** What there is to read and to write, so that the generators know no type by name. */
export async function readCatalog(strapi: Core.Strapi): Promise<Catalog> {
  const schemas = Object.entries(strapi.contentTypes as unknown as Record<string, Schema>);
  const types = schemas.filter(([uid]) => uid.startsWith('api::')).filter(([, it]) => it.kind);
  const rows: Record<string, readonly CatalogRow[]> = {};
  for (const uid of [...types.map(([uid]) => uid), 'plugin::upload.file']) {
    const found: CatalogRow[] = await strapi.db.query(uid).findMany({ orderBy: 'id' });
    rows[uid] = found.map(({ id, documentId, slug }) => ({ id, documentId, slug }));
  }
  return {
    types: types.map(([uid, schema]) => describe(uid, schema)),
    components: Object.entries(strapi.components as unknown as Record<string, Schema>).map(([uid, schema]) =>
      describe(uid, schema),
    ),
    rows,
  };
}

export function describe(uid: string, schema: Schema): TypeInfo {
  const single = schema.kind === 'singleType';
  const withRoutes =
    uid.startsWith('api::') && Object.keys(schema.attributes).some((name) => !HIDDEN.has(name));
  return {
    uid,
    path: withRoutes ? (single ? schema.info.singularName : schema.info.pluralName) : null,
    single,
    localized: schema.pluginOptions?.i18n?.localized === true,
    draftAndPublish: schema.options?.draftAndPublish === true,
    attributes: Object.entries(schema.attributes)
      .filter(([name, attribute]) => !HIDDEN.has(name) && !attribute.private)
      .map(([name, attribute]) => ({ ...attribute, name })),
  };
}
