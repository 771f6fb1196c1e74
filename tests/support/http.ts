import http from 'node:http';

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A response as it came over the wire: nothing decoded, nothing merged. */
export interface Answer {
  readonly status: number;
  /** Names as they were sent, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** All values of a field, joined; undefined when it was not sent. */
  header(name: string): string | undefined;
  json<T = unknown>(): T;
}

/** Sends one request on a connection of its own. */
export function send(origin: string, path: string, ask: Ask = {}): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const request = http.request({
      hostname,
      port,
      path,
      method: ask.method ?? 'GET',
      headers: ask.headers ?? {},
      agent: false,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve(answerOf(response, Buffer.concat(chunks))));
    });
    request.end(ask.body);
  });
}

function answerOf(response: http.IncomingMessage, body: Buffer): Answer {
  const raw = response.rawHeaders;
  const fields = raw.flatMap((name, index) => (index % 2 ? [] : [[name, raw[index + 1] ?? ''] as const]));
  return {
    status: response.statusCode ?? 0,
    fields,
    body,
    header(name) {
      const values = fields
        .filter(([it]) => it.toLowerCase() === name.toLowerCase())
        .map(([, value]) => value);
      return values.length ? values.join(', ') : undefined;
    },
    json: <T>() => JSON.parse(body.toString()) as T,
  };
}

/** Fields that differ between a miss and its hit, and nothing else may. */
const OF_ONE_ANSWER = ['age', 'date', 'x-cache', 'cache-status'];

/** The fields of an answer that must be the same on a miss and on its hits, sorted by name. */
export function lastingFields(answer: Answer): string[] {
  return answer.fields
    .filter(([name]) => !OF_ONE_ANSWER.includes(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}`)
    .sort();
}
