import { visit } from '../lib/http.mjs';

/** Node adds these by itself. */
const BY_NODE = new Set(['connection', 'keep-alive']);
/** A 304 has no body that they would describe. */
const OF_BODY = new Set(['content-type', 'content-length', 'content-encoding']);

/** What another server has answered, by URL: bytes and fields. */
const answers = new Map();

/** Asks a server each of these requests once and remembers the answers. */
export async function copyAnswers({ origin, requests }) {
  answers.clear();
  await visit(origin, requests, ({ path }, { status, headers, rawHeaders, body }) => {
    const fields = without(rawHeaders, BY_NODE);
    answers.set(path, { status, tag: headers.etag, fields, fields304: without(fields, OF_BODY), body });
  });
}

const without = (fields, names) => fields.filter((_, i) => !names.has(fields[i - (i % 2)].toLowerCase()));

/** As bare as an answer by Koa can be that knows entity tags and origins. */
export function answerKoa(ctx) {
  const found = answers.get(ctx.url);
  if (!found) return false;
  const unchanged = found.tag !== undefined && ctx.get('If-None-Match') === found.tag;
  const fields = unchanged ? found.fields304 : found.fields;
  ctx.status = unchanged ? 304 : found.status;
  for (let i = 0; i < fields.length; i += 2) ctx.set(fields[i], fields[i + 1]);
  const asked = ctx.get('Origin');
  if (asked) ctx.set('Access-Control-Allow-Origin', asked);
  if (!unchanged) ctx.body = found.body;
  return true;
}

export function answerHttp(request, response) {
  const found = answers.get(request.url);
  if (!found) return response.writeHead(404).end();
  const unchanged = found.tag !== undefined && request.headers['if-none-match'] === found.tag;
  let fields = unchanged ? found.fields304 : found.fields;
  const { origin } = request.headers;
  if (origin) fields = fields.with(fields.indexOf('Access-Control-Allow-Origin') + 1, origin);
  response.writeHead(unchanged ? 304 : found.status, fields);
  response.end(unchanged ? undefined : found.body);
}
