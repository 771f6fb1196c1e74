import { isFewValued, lookupValue } from '../lookups';
import { anyDims, type Attribute, type Model } from '../schema';
import { dimOf, type Dim, type Status } from '../tags';

/** What a where and an orderBy make a read depend on, level by level through relations. */
export interface Uses {
  readonly attributes: Set<string>;
  readonly joins: Map<string, Uses>;
  /** Something is in there that this walk does not understand. */
  opaque: boolean;
}

export const noUses = (): Uses => ({
  attributes: new Set(),
  joins: new Map(),
  opaque: false,
});

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const GROUPS = new Set(['$and', '$or']);

/** Adds what a `where` uses (`@strapi/database/dist/query/helpers/where.js`). */
export function walkWhere(where: unknown, model: Model, modelOf: (uid: string) => Model, uses: Uses): void {
  if (where === undefined || where === null) return;
  if (Array.isArray(where)) return where.forEach((part) => walkWhere(part, model, modelOf, uses));
  if (!isPlain(where)) return void (uses.opaque = true);
  for (const [name, value] of Object.entries(where)) {
    if (GROUPS.has(name) || name === '$not') walkWhere(value, model, modelOf, uses);
    else walkAttribute(name, value, model, modelOf, uses);
  }
}

function walkAttribute(
  name: string,
  value: unknown,
  model: Model,
  modelOf: (uid: string) => Model,
  uses: Uses,
): void {
  const attribute = model.attributes[name];
  if (!attribute) return void (uses.opaque = true);
  if (attribute.type !== 'relation') {
    if (!isData(value)) uses.opaque = true;
    return void uses.attributes.add(name);
  }
  const nested = enter(name, attribute, uses);
  if (!nested) return;
  // an operator on a relation compares ids, which never change; a group or a name goes on inside of the target
  if (!isPlain(value)) return;
  const inner = Object.keys(value);
  if (inner.every((key) => key.startsWith('$') && !GROUPS.has(key) && key !== '$not')) {
    for (const operand of Object.values(value))
      if (isPlain(operand)) walkWhere(operand, modelOf(attribute.target ?? ''), modelOf, nested);
    return;
  }
  walkWhere(value, modelOf(attribute.target ?? ''), modelOf, nested);
}

/** Adds what an `orderBy` uses (`@strapi/database/dist/query/helpers/order-by.js`). */
export function walkOrder(order: unknown, model: Model, modelOf: (uid: string) => Model, uses: Uses): void {
  if (order === undefined || order === null) return;
  if (Array.isArray(order)) return order.forEach((part) => walkOrder(part, model, modelOf, uses));
  if (typeof order === 'string') {
    if (model.attributes[order]) uses.attributes.add(order);
    else uses.opaque = true; // `status` is computed from sibling rows
    return;
  }
  if (!isPlain(order)) return void (uses.opaque = true);
  for (const [name, value] of Object.entries(order)) {
    const attribute = model.attributes[name];
    if (!attribute) uses.opaque = true;
    else if (attribute.type !== 'relation') uses.attributes.add(name);
    else {
      const nested = enter(name, attribute, uses);
      if (nested) walkOrder(value, modelOf(attribute.target ?? ''), modelOf, nested);
    }
  }
}

function enter(name: string, attribute: Attribute, uses: Uses): Uses | null {
  if (!attribute.target) {
    uses.opaque = true;
    return null;
  }
  const nested = uses.joins.get(name) ?? noUses();
  uses.joins.set(name, nested);
  return nested;
}

/** Values that stand for themselves; a knex query or a function does not. */
function isData(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isData);
  if (isPlain(value)) return Object.values(value).every(isData);
  return (
    typeof value !== 'function' && (typeof value !== 'object' || value === null || value instanceof Date)
  );
}

/** The conditions that hold for every row found: the top level and what `$and` adds to it. */
function eachConjunct(where: unknown, visit: (name: string, value: unknown) => void): void {
  if (Array.isArray(where)) for (const part of where) eachConjunct(part, visit);
  else if (isPlain(where)) {
    for (const name of Object.keys(where)) {
      if (name === '$and') eachConjunct(where[name], visit);
      else if (!name.startsWith('$')) visit(name, where[name]);
    }
  }
}

/** The dims that a read can find rows in, as narrow as its conditions say. */
export function dimsOf(model: Model, wheres: readonly unknown[]): readonly Dim[] {
  if (!model.hasStatus && !model.hasLocale) return anyDims(model);
  const status: { it: Status | null } = { it: model.hasStatus ? null : '-' };
  const locales: { it: readonly string[] | null } = { it: model.hasLocale ? null : ['-'] };
  for (const where of wheres)
    eachConjunct(where, (name, value) => {
      if (name === 'publishedAt' && model.hasStatus) status.it = statusOf(value) ?? status.it;
      if (name === 'locale' && model.hasLocale) locales.it = textsOf(value) ?? locales.it;
    });
  if (status.it === null && locales.it === null) return anyDims(model);
  const statuses = status.it === null ? model.statuses : [status.it];
  return statuses.flatMap((it) => (locales.it ?? ['*']).map((locale) => dimOf(it, locale)));
}

/** What is demanded of rows. */
export interface Demanded {
  readonly status: Status | null;
  readonly locale: string | null;
}

/** The status and the locale that conditions demand, where they demand nothing else; null where they do. */
export function demandedAlone(model: Model, wheres: readonly unknown[]): Demanded | null {
  let status: Status | null = null;
  let locale: string | null = null;
  for (const where of wheres) {
    if (where === undefined || where === null) continue;
    if (!isPlain(where)) return null;
    for (const name of Object.keys(where)) {
      const value = where[name];
      if (isPlain(value) && Object.keys(value).length !== 1) return null;
      if (name === 'publishedAt' && model.hasStatus) {
        const said = statusOf(value);
        if (said === null || (status ?? said) !== said) return null;
        status = said;
      } else if (name === 'locale' && model.hasLocale) {
        const [said, ...more] = textsOf(value) ?? [];
        if (said === undefined || more.length > 0 || (locale ?? said) !== said) return null;
        locale = said;
      } else return null;
    }
  }
  return { status, locale };
}

function statusOf(value: unknown): Status | null {
  if (value === null) return 'd';
  if (!isPlain(value)) return null;
  if (value.$null === true || value.$notNull === false || value.$eq === null) return 'd';
  if (value.$null === false || value.$notNull === true || value.$ne === null) return 'p';
  return null;
}

function textsOf(value: unknown): string[] | null {
  if (typeof value === 'string') return [value];
  const list = isPlain(value) ? (value.$eq ?? value.$in) : value;
  if (typeof list === 'string') return [list];
  return Array.isArray(list) && list.every((it) => typeof it === 'string') ? list : null;
}

/** More values than this are read as a list. */
const MAX_PINS = 20;

interface Pin {
  readonly attribute: string;
  readonly values: string[];
}

/** A value or values that a where demands of every row, of the attribute that tells most. */
export function pinOf(model: Model, where: unknown): Pin | null {
  const found: { sharp: Pin | null; vague: Pin | null } = { sharp: null, vague: null };
  eachConjunct(where, (name, value) => {
    const attribute = model.attributes[name];
    if (!attribute || !model.lookups.has(name)) return;
    const given = isPlain(value) ? (value.$eq ?? value.$in) : value;
    const list = Array.isArray(given) ? given : [given];
    if (list.length === 0 || list.length > MAX_PINS) return;
    const values = list.map((it) => lookupValue(attribute, it));
    if (!values.every((it) => it !== null)) return;
    const pin = { attribute: name, values };
    if (isFewValued(attribute)) found.vague ??= pin;
    else found.sharp ??= pin;
  });
  return found.sharp ?? found.vague;
}
