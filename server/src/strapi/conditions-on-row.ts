import type { Attribute, Model } from './schema';

/** A row as the database driver returns it: by column names. */
export type RawRow = Readonly<Record<string, unknown>>;

/** What is certain of a condition on a row; null where a database may see it differently. */
export type Verdict = boolean | null;

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const not = (verdict: Verdict): Verdict => (verdict === null ? null : !verdict);

function all(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = true;
  for (const it of verdicts) {
    if (it === false) return false;
    if (it === null) result = null;
  }
  return result;
}

const any = (verdicts: readonly Verdict[]): Verdict => not(all(verdicts.map(not)));

/**
 * Whether a row of a model meets a `where` (`@strapi/database/dist/query/helpers/where.js`). Relations are not looked
 * at: what hangs on them is not certain.
 */
export function meets(where: unknown, model: Model, row: RawRow): Verdict {
  if (Array.isArray(where)) return all(where.map((part) => meets(part, model, row)));
  if (!isPlain(where)) return null;
  // Groups inside of a relation's conditions overwrite those beside it (processWhere, "better merge logic").
  const crowded = Object.keys(where).some(
    (name) => isPlain(where[name]) && model.attributes[name]?.type === 'relation',
  );
  return all(
    Object.entries(where).map(([name, value]): Verdict => {
      if (name.startsWith('$')) return crowded ? null : group(name, value, model, row);
      const attribute = model.attributes[name];
      if (!attribute || attribute.type === 'relation') return null;
      return holds(attribute, value, row[attribute.columnName ?? name]);
    }),
  );
}

function group(name: string, value: unknown, model: Model, row: RawRow): Verdict {
  if (name === '$not') return not(meets(value, model, row));
  if (!Array.isArray(value)) return null;
  const parts = value.map((part) => meets(part, model, row));
  if (name === '$and') return all(parts);
  // an empty group adds no condition
  return name === '$or' && parts.length > 0 ? any(parts) : null;
}

/** Whether a raw value meets the condition of a scalar attribute. */
export function holds(attribute: Attribute, condition: unknown, raw: unknown): Verdict {
  if (raw === undefined) return null;
  if (Array.isArray(condition)) return operator(attribute, '$in', condition, raw);
  if (!isPlain(condition)) return operator(attribute, '$eq', condition, raw);
  return all(Object.entries(condition).map(([name, value]) => operator(attribute, name, value, raw)));
}

const NEGATIONS: Readonly<Record<string, string>> = {
  $ne: '$eq',
  $nei: '$eqi',
  $notIn: '$in',
  $notContains: '$contains',
  $notContainsi: '$containsi',
};

function operator(attribute: Attribute, name: string, value: unknown, raw: unknown): Verdict {
  if (name === '$null' || name === '$notNull')
    return typeof value === 'boolean' ? (raw === null) === (value === (name === '$null')) : null;
  if (name === '$not') return not(holds(attribute, value, raw));
  const positive = NEGATIONS[name];
  if (positive !== undefined) return not(operator(attribute, positive, value, raw));
  if (value === null) return name === '$eq' || name === '$eqi' ? raw === null : null;
  // with NULL a comparison is neither true nor false, and so is its negation
  if (raw === null) return null;
  if (name === '$in')
    return Array.isArray(value) ? any(value.map((it) => operator(attribute, '$eq', it, raw))) : null;
  return compare(attribute, name, value, raw);
}

const TEXTS = new Set(['string', 'text', 'richtext', 'email', 'enumeration', 'uid']);

function compare(attribute: Attribute, name: string, value: unknown, raw: unknown): Verdict {
  if (TEXTS.has(attribute.type)) return compareTexts(name, value, raw);
  if (attribute.type === 'integer') return compareNumbers(name, value, raw);
  if (attribute.type !== 'boolean' || name !== '$eq') return null;
  const [one, other] = [truth(value), truth(raw)];
  return one === null || other === null ? null : one === other;
}

function truth(value: unknown): Verdict {
  if (value === true || value === 1 || value === 'true') return true;
  return value === false || value === 0 || value === 'false' ? false : null;
}

function compareNumbers(name: string, value: unknown, raw: unknown): Verdict {
  const row = integer(raw);
  if (name === '$between' && Array.isArray(value)) {
    const [low, high] = value.map(integer);
    return row === null || typeof low !== 'number' || typeof high !== 'number'
      ? null
      : low <= row && row <= high;
  }
  const other = integer(value);
  if (row === null || other === null) return null;
  if (name === '$eq') return row === other;
  if (name === '$gt') return row > other;
  if (name === '$gte') return row >= other;
  if (name === '$lt') return row < other;
  return name === '$lte' ? row <= other : null;
}

const integer = (value: unknown): number | null =>
  (typeof value === 'number' || typeof value === 'string') && /^-?\d{1,15}$/.test(String(value))
    ? Number(value)
    : null;

const MATCHES: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  $eq: (text, part) => text === part,
  $contains: (text, part) => text.includes(part),
  $startsWith: (text, part) => text.startsWith(part),
  $endsWith: (text, part) => text.endsWith(part),
};

/**
 * Databases differ in letter case, accents and trailing spaces: certain is what holds letter by letter, and what does
 * not hold even when all of that is left aside.
 */
function compareTexts(name: string, value: unknown, raw: unknown): Verdict {
  const caseless = name.endsWith('i');
  const match = MATCHES[caseless ? name.slice(0, -1) : name];
  if (!match || typeof raw !== 'string' || typeof value !== 'string' || value === '') return null;
  if (match(raw, value)) return true;
  const [text, part] = [folded(raw), folded(value)];
  if (text === null || part === null || part === '') return null;
  if (!match(text, part)) return false;
  return caseless && match(raw.toLowerCase(), value.toLowerCase()) && isAscii(raw + value) ? true : null;
}

const isAscii = (text: string): boolean => /^[\x20-\x7e\s]*$/.test(text);

/** Null where letters remain that a collation may take for others. */
function folded(text: string): string | null {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd();
  return /^[\x20-\x7e\t\r\n\p{P}\p{S}]*$/u.test(plain) ? plain : null;
}
