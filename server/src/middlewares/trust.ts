import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { requestDirectives, type RequestDirectives } from '../core/request-directives';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Knows the callers whose `Cache-Control` is obeyed: if everybody's were, anybody could defeat the cache. */
export class Trust {
  private readonly secret: Buffer;

  constructor(
    private readonly header: string,
    secret: string,
  ) {
    this.secret = digest(secret);
  }

  /** What a trusted caller asks for; null for anybody else, and for one who asks for nothing. */
  asked(headers: IncomingHttpHeaders): RequestDirectives | null {
    const given = headers[this.header];
    const wanted = headers['cache-control'];
    if (given === undefined || wanted === undefined) return null;
    return timingSafeEqual(digest(String(given)), this.secret) ? requestDirectives(wanted) : null;
  }
}
