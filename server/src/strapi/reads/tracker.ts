import { PERMISSION, ROLE } from '../access-types';
import type { QueryParams, ReadAction } from '../orm';
import { currentScope, type ReadScope } from '../read-scope';
import { type Model, type Schema } from '../schema';
import { anyLinkTag, anyLookupTag, lookupTag, partialRowsTag } from '../tags';
import { pinOf } from './conditions';
import { Levels } from './levels';
import { ReadModels } from './relations';
import { resolveFilters, RowNotes, type PopulateParams, type ReadTools } from './rows';

/** Turns each ORM read below a scope into the tags that it depends on. */
export class ReadTracker {
  private readonly tools: ReadTools;

  constructor(private readonly schema: Schema) {
    this.tools = { models: new ReadModels(schema), levels: new Levels(schema) };
  }

  read(action: ReadAction, uid: string, params: QueryParams, result: unknown): void {
    const scope = currentScope();
    if (!scope || !this.schema.has(uid)) return;
    const model = this.schema.model(uid);
    scope.touch(model);
    if (this.schema.links().has(uid)) {
      scope.touchTable(uid);
      scope.keep(anyLinkTag(uid));
    }
    if (!scope.authenticating) scope.reads++;
    // Whom authentication lets in is decided by the actions it was asked for (auth.ts), not by every permission it loaded.
    else if (uid === PERMISSION) return;
    const pinned = this.noteConditions(scope, model, params, action === 'count');
    if (action === 'count') return;
    const notes = new RowNotes(this.schema, scope, this.tools);
    if (pinned !== null && params.select !== undefined) notes.noteFound(model, result, pinned);
    notes.note(model, result, withoutPermissions(scope, uid, params));
  }

  /**
   * The where and the order: which rows could have been in the result.
   * @returns the attribute that rows were looked up by, if by one that can change
   */
  private noteConditions(
    scope: ReadScope,
    model: Model,
    params: QueryParams,
    counting: boolean,
  ): string | null {
    const { levels } = this.tools;
    const { where, orderBy, _q: search } = params;
    const searching = search !== undefined && search !== null && search !== '';
    const asked = { where, filters: resolveFilters(params.filters, model), orderBy };
    if (!searching && levels.addPlain(scope, model, asked, true)) return null;
    const level = levels.of(model, asked, true);
    const { uses, dims } = level;
    // A search looks into columns of every row, those that a pinned column leads to as well.
    if (searching) for (const name of searched(model)) uses.attributes.add(name);
    const pin = uses.opaque ? null : pinOf(model, params.where);
    if (pin && !searching) uses.attributes.delete(pin.attribute);
    levels.add(scope, { ...level, members: !pin });
    if (!pin) return null;
    const isIdentity = IDENTITIES.has(pin.attribute);
    for (const dim of dims) {
      for (const value of pin.values) scope.add(lookupTag(model.uid, dim, pin.attribute, value));
      if (isIdentity) continue;
      scope.add(anyLookupTag(model.uid, dim, pin.attribute));
      if (counting || params.offset) scope.add(partialRowsTag(model.uid, dim, pin.attribute));
    }
    return isIdentity ? null : pin.attribute;
  }
}

/** Attributes that a search may look into (`@strapi/database/dist/query/helpers/search.js`); rather one too many. */
const searched = (model: Model): string[] =>
  Object.entries(model.attributes)
    .filter(([, { type }]) => !/^(relation|datetime|timestamp|date|time|boolean)$/.test(type))
    .map(([name]) => name);

/** What changes these changes the whole type. */
const IDENTITIES: ReadonlySet<string> = new Set(['id', 'documentId']);

/** `findRolePermissions` loads a role with all its permissions: the role row counts, the permissions do not. */
function withoutPermissions(scope: ReadScope, uid: string, params: QueryParams): PopulateParams {
  const { populate } = params;
  if (!scope.authenticating || uid !== ROLE || populate === null || typeof populate !== 'object')
    return params as PopulateParams;
  if (Array.isArray(populate))
    return { ...params, populate: populate.filter((it) => it !== 'permissions') } as PopulateParams;
  const kept = Object.fromEntries(Object.entries(populate).filter(([name]) => name !== 'permissions'));
  return { ...params, populate: kept } as PopulateParams;
}
