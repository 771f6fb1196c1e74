import type { Attribute } from './schema';

/** Attributes with few values, by which lists are often cut. */
const FEW_VALUED = new Set(['boolean', 'enumeration', 'integer']);

export const isFewValued = (attribute: Attribute | undefined): boolean =>
  attribute !== undefined && FEW_VALUED.has(attribute.type);

/**
 * The value of a look-up in one notation, whether it comes from a request or from a row of any database: what a
 * database may take for equal must come out equal (letter case, accents and trailing spaces in MySQL).
 * @returns null for a value that is not understood
 */
export function lookupValue(attribute: Attribute, value: unknown): string | null {
  if (attribute.type === 'boolean') {
    if ([true, 1, 'true', 't', '1'].includes(value as never)) return 'true';
    return [false, 0, 'false', 'f', '0'].includes(value as never) ? 'false' : null;
  }
  if (attribute.type === 'integer' || attribute.type === 'increments')
    return /^-?\d{1,15}$/.test(String(value)) ? String(Number(value)) : null;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).normalize('NFKD').replace(/\p{M}/gu, '');
  return text.toLowerCase().trimEnd();
}
