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
