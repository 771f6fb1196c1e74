import type { Attribute } from './model';

/** Types whose values request and database write alike; decimals, dates and big integers are not among them. */
const TEXTS = new Set(['string', 'text', 'email', 'uid']);

/** Types with few values, by which lists are often cut, and which have one notation everywhere. */
const FEW_VALUED = new Set(['boolean', 'enumeration', 'integer']);

export const isFewValued = ({ type }: Attribute): boolean => FEW_VALUED.has(type);

export const isLookup = (name: string, { type, unique }: Attribute): boolean =>
  name === 'id' ||
  name === 'documentId' ||
  type === 'uid' ||
  FEW_VALUED.has(type) ||
  (unique === true && TEXTS.has(type));

/**
 * The value of a look-up in one notation, whether it comes from a request or from a row of any database. Collations
 * take letter case and trailing spaces for nothing, and letters outside of ASCII for others (ß and ss): such a value
 * has no notation of its own.
 * @returns null for a value that depends on the collation, or is not understood
 */
export function lookupValue(attribute: Attribute, value: unknown): string | null {
  if (attribute.type === 'boolean') {
    if ([true, 1, 'true', 't', '1'].includes(value as never)) return 'true';
    return [false, 0, 'false', 'f', '0'].includes(value as never) ? 'false' : null;
  }
  if (attribute.type === 'increments' || attribute.type === 'integer')
    return /^-?\d{1,15}$/.test(String(value)) ? String(Number(value)) : null;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  return /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase().trimEnd() : null;
}
