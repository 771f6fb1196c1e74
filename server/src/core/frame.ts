import type { Entry } from './entry';

/**
 * An entry as bytes: `U` `C`, format version, reserved, head length and body length (32 bit, big endian), head
 * (JSON, UTF-8), body. Another version is unreadable and so a miss: raise it whenever the head changes its meaning.
 */
const VERSION = 2;
const PREAMBLE = 12;

type Head = Omit<Entry, 'body' | 'checked' | 'hits' | 'encoded' | 'purgedAt'>;

export function encodeFrame(entry: Entry): Buffer {
  const { body, checked: _checked, hits: _hits, encoded: _encoded, purgedAt: _purgedAt, ...head } = entry;
  const text = JSON.stringify(head satisfies Head);
  const headBytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(PREAMBLE + headBytes + body.byteLength);
  frame.write('UC', 0, 'latin1');
  frame.writeUInt16BE(VERSION << 8, 2);
  frame.writeUInt32BE(headBytes, 4);
  frame.writeUInt32BE(body.byteLength, 8);
  frame.write(text, PREAMBLE, 'utf8');
  body.copy(frame, PREAMBLE + headBytes);
  return frame;
}

/**
 * The entry in a frame, or null when the bytes are not a whole frame of this version for this key: a shared store
 * may be wrong, and a response must never reach the caller of another key.
 */
export function decodeFrame(frame: Buffer, key: string): Entry | null {
  if (frame.byteLength < PREAMBLE || frame.toString('latin1', 0, 2) !== 'UC') return null;
  if (frame.readUInt16BE(2) !== VERSION << 8) return null;
  const bodyAt = PREAMBLE + frame.readUInt32BE(4);
  if (frame.byteLength !== bodyAt + frame.readUInt32BE(8)) return null;
  let head: unknown;
  try {
    head = JSON.parse(frame.toString('utf8', PREAMBLE, bodyAt));
  } catch {
    return null;
  }
  if (!isHead(head) || head.key !== key) return null;
  // Copied: a slice would keep the whole buffer that the connection read into alive.
  const body = Buffer.allocUnsafeSlow(frame.byteLength - bodyAt);
  frame.copy(body, 0, bodyAt);
  return { ...head, body, checked: 0 };
}

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null) return false;
  const head = value as Record<keyof Head, unknown>;
  return (
    [head.key, head.label, head.principal].every((it) => typeof it === 'string') &&
    [head.status, head.storedAt, head.freshUntil, head.cost].every(Number.isFinite) &&
    isGrace(head.grace) &&
    Number.isSafeInteger(head.seq) &&
    isStrings(head.tags) &&
    isStrings(head.headers) &&
    head.headers.length % 2 === 0
  );
}

function isGrace(value: unknown): value is Entry['grace'] {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { revalidate, error, limit, hardTags } = value as Record<string, unknown>;
  return [revalidate, error, limit, hardTags].every(Number.isFinite);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((it) => typeof it === 'string');
}
