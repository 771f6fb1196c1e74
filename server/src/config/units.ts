const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const BYTES = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** @returns milliseconds of a number of seconds or a text such as `"10 s"`; null when it is neither */
export const parseDuration = (value: unknown): number | null => parse(value, MILLISECONDS, 's');

/** @returns bytes of a number of bytes or a text such as `"64 MB"` (1 MB = 1024 × 1024); null when it is neither */
export const parseBytes = (value: unknown): number | null => parse(value, BYTES, 'b');

/** @param usual the unit of a number without one */
function parse(value: unknown, units: Readonly<Record<string, number>>, usual: string): number | null {
  if (typeof value === 'number')
    return Number.isFinite(value) ? Math.round(value * (units[usual] ?? 1)) : null;
  if (typeof value !== 'string') return null;
  const [, amount, unit = usual] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]{1,2})?\s*$/i.exec(value) ?? [];
  const factor = units[unit.toLowerCase()];
  return amount === undefined || factor === undefined ? null : Math.round(Number(amount) * factor);
}
