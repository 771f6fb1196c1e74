import * as crypto from 'node:crypto';

/** Node has it since 20.12: a fraction of what an object for one hash costs. */
const oneShot = (crypto as { readonly hash?: typeof crypto.hash }).hash;

/** SHA-256 of some bytes or of a text in UTF-8, in base64url. */
export const digest = (data: string | Buffer): string =>
  oneShot
    ? oneShot('sha256', data, 'base64url')
    : crypto.createHash('sha256').update(data).digest('base64url');

/** The first 132 bits of it, enough for names that nobody has a reason to forge. */
export const shortDigest = (data: string | Buffer): string => digest(data).slice(0, 22);

/**
 * A hash that nobody can compute without the secret. It is HMAC (RFC 2104) but for the two keys, which are derived
 * from the secret as two texts of one block each, instead of one key with two pads: so both hashes are one call, at
 * half the price of an object of `createHmac`, and hits with a credential need one each.
 */
export function keyedDigest(secret: string): (text: string) => string {
  const inner = blockOf(`inner ${secret}`);
  const outer = blockOf(`outer ${secret}`);
  return (text) => digest(outer + digest(inner + text));
}

/** 64 characters, which is the block of SHA-256. */
const blockOf = (text: string): string => crypto.createHash('sha256').update(text).digest('hex');
