/** A connection setting that cannot work. The message names the variable to mend and never shows its value. */
export class ConnectionSettingError extends Error {
  override readonly name = 'ConnectionSettingError';

  constructor(
    readonly variable: string,
    message: string,
  ) {
    super(`${variable} ${message}`);
  }
}

export const URL_VARIABLE = 'UPSTASH_REDIS_REST_URL';
export const TOKEN_VARIABLE = 'UPSTASH_REDIS_REST_TOKEN';

/**
 * Checks a pair of Upstash credentials.
 * @returns null when neither is set
 * @throws ConnectionSettingError when one is missing or cannot be right
 */
export function upstashAddress(
  url: string | undefined,
  token: string | undefined,
): { readonly url: string; readonly token: string } | null {
  const address = url?.trim() ?? '';
  const secret = token?.trim() ?? '';
  if (address === '' && secret === '') return null;
  if (address === '')
    throw new ConnectionSettingError(URL_VARIABLE, `is missing, although ${TOKEN_VARIABLE} is set.`);
  if (secret === '')
    throw new ConnectionSettingError(TOKEN_VARIABLE, `is missing, although ${URL_VARIABLE} is set.`);
  checkUrl(address);
  if (/[^\x21-\x7e]|^["'`]|["'`]$/.test(secret)) {
    throw new ConnectionSettingError(
      TOKEN_VARIABLE,
      'holds quotes, spaces or other characters that no token has.',
    );
  }
  return { url: address, token: secret };
}

/** @throws ConnectionSettingError */
export function redisAddress(url: string, variable = 'REDIS_URL'): string {
  const parsed = parse(url.trim());
  if (parsed && /^rediss?:$/.test(parsed.protocol) && parsed.hostname) return url.trim();
  throw new ConnectionSettingError(
    variable,
    'must be an address such as redis://localhost:6379 or rediss://...',
  );
}

function checkUrl(address: string): void {
  const parsed = parse(address);
  if (parsed && /^rediss?:$/.test(parsed.protocol)) {
    const message = 'is the address for TCP connections. The REST URL begins with https://.';
    throw new ConnectionSettingError(URL_VARIABLE, message);
  }
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.search !== '' || parsed.username !== '') {
    throw new ConnectionSettingError(URL_VARIABLE, 'must be a URL such as https://example-12345.upstash.io');
  }
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
