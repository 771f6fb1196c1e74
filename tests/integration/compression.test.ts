import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { lastingFields } from '../support/http';
import { useSite } from '../support/strapi';
import { purgeAll } from '../support/content';

const URL = '/api/articles?populate=*';
const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gunzipSync(bytes),
  br: (bytes) => brotliDecompressSync(bytes),
  identity: (bytes) => bytes,
};

describe('a site that compresses', () => {
  const site = useSite({ middlewares: (entries) => [...entries, 'strapi::compression'] });
  beforeEach(() => purgeAll(site().strapi));

  it.each(['gzip', 'br', 'identity'])('sends a hit in %s as it sends the miss', async (coding) => {
    const headers = { 'accept-encoding': coding };
    const miss = await site().get(URL, headers);
    const hit = await site().get(URL, headers);
    expect([miss.header('x-cache'), hit.header('x-cache')]).toEqual(['MISS', 'HIT']);
    expect(hit.header('content-encoding') ?? 'identity').toBe(coding);
    expect(lastingFields(hit)).toEqual(lastingFields(miss));
    expect(hit.body.equals(miss.body)).toBe(true);
  });

  it.each(['gzip', 'br', 'identity'])('has one entry for all codings: filled in %s', async (filler) => {
    const miss = await site().get(URL, { 'accept-encoding': filler });
    const content = decoders[filler]?.(miss.body).toString();
    for (const [coding, decode] of Object.entries(decoders)) {
      const hit = await site().get(URL, { 'accept-encoding': coding });
      expect(hit.header('x-cache'), coding).toBe('HIT');
      expect(hit.header('content-encoding') ?? 'identity').toBe(coding);
      expect(hit.header('vary')?.toLowerCase()).toContain('accept-encoding');
      expect(decode(hit.body).toString() === content).toBe(true);
    }
  });

  it('sends no compressed bytes to a caller who names no coding', async () => {
    await site().get(URL, { 'accept-encoding': 'gzip' });
    const plain = await site().get(URL);
    expect(plain.header('x-cache')).toBe('HIT');
    expect(plain.header('content-encoding')).toBeUndefined();
    expect(plain.json<{ data: unknown[] }>().data).not.toHaveLength(0);
  });
});

describe('a site that compresses and has an origin check', () => {
  const site = useSite({
    middlewares: (entries) => [
      { name: 'strapi::compression', config: { threshold: 0 } },
      ...entries.filter((entry) => entry !== 'strapi::cors'),
      { name: 'strapi::cors', config: { origin: ['https://friend.example'] } },
    ],
  });

  it('applies both to a hit', async () => {
    const headers = { 'accept-encoding': 'gzip', origin: 'https://friend.example' };
    const miss = await site().get(URL, headers);
    const hit = await site().get(URL, headers);
    expect(hit.header('x-cache')).toBe('HIT');
    expect(hit.header('access-control-allow-origin')).toBe('https://friend.example');
    expect(lastingFields(hit)).toEqual(lastingFields(miss));
    expect(hit.body.equals(miss.body)).toBe(true);
  });
});
