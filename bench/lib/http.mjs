import { Agent, request } from 'node:http';

/** One GET as it is given, bytes as they come: `fetch` would decompress bodies and add fields of its own. */
export function get(origin, { path, headers = {} }, agent) {
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { headers, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Sends all of these requests, some at once, and hands each answer to `look`. */
export async function visit(origin, requests, look = () => undefined) {
  const agent = new Agent({ keepAlive: true });
  const rest = requests.values();
  const worker = async () => {
    for (const it of rest) {
      const answer = await get(origin, it, agent);
      if (answer.status >= 400) throw new Error(`${origin}${it.path}: ${answer.status} ${answer.body}`);
      look(it, answer);
    }
  };
  try {
    await Promise.all(Array.from({ length: 16 }, worker));
  } finally {
    agent.destroy();
  }
}
