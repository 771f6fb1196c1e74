// Upstash's REST protocol in front of a real redis-server, for development and tests. No dependencies.
import http from 'node:http';
import { createHash } from 'node:crypto';
import { ReplyError, RespClient, Status, toResp } from './resp.mjs';

const sha1 = (text) => createHash('sha1').update(text).digest('hex');
const NOT_OVER_REST = ['SUBSCRIBE', 'PSUBSCRIBE', 'MONITOR', 'MULTI', 'EXEC', 'WATCH', 'BLPOP', 'BRPOP'];
const READS =
  /^(GET|MGET|Z(RANGE|REVRANGE|SCORE|MSCORE|CARD|COUNT)\w*|H(GET|MGET|GETALL)|EXISTS|P?TTL|PING|ECHO|TYPE)$/;

/** Redis does not know Upstash's script flag and its rule: every key that a script uses is in KEYS. */
const DECLARED_KEYS_ONLY = `local __R=redis local __K={} for _,k in ipairs(KEYS) do __K[k]=true end
local __M={MGET=1,DEL=1,EXISTS=1,UNLINK=1,SDIFF=1,SINTER=1,SUNION=1}
local function __chk(c,...) local a={...} c=string.upper(c)
if c=='FLUSHDB' or c=='FLUSHALL' then error({err='ERR database-wide command in allow-key-locking script'}) end
if c=='TIME' or c=='PUBLISH' then return end
local n=__M[c] and #a or (a[1] and 1 or 0)
for i=1,n do if not __K[tostring(a[i])] then error({err="ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: "..tostring(a[i])}) end end end
local redis=setmetatable({call=function(...) __chk(...) return __R.call(...) end,pcall=function(...) __chk(...) return __R.pcall(...) end},{__index=__R}) `;

const toJson = (value, base64) => {
  if (value === null || typeof value === 'number') return value;
  if (value instanceof Status)
    return value.text === 'OK' || !base64 ? value.text : Buffer.from(value.text).toString('base64');
  if (value instanceof ReplyError) return value.message;
  if (Buffer.isBuffer(value)) return value.toString(base64 ? 'base64' : 'utf8');
  return value.map((item) => toJson(item, base64));
};
const asEntry = (value, base64) =>
  value instanceof ReplyError ? { error: value.message } : { result: toJson(value, base64) };

const asArgument = (value) => {
  if (Buffer.isBuffer(value) || typeof value === 'string') return value;
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const parseList = (body, isValid) => {
  try {
    const value = JSON.parse(body.toString('utf8'));
    return Array.isArray(value) && value.length > 0 && isValid(value) ? value : null;
  } catch {
    return null;
  }
};

class Bridge {
  fault = null;
  stats = { http: 0, commands: 0, byName: {} };
  subscribers = new Set();
  /** The sha that a client computes -> the sha that redis knows. */
  shas = new Map();
  answered = 0;

  constructor(options) {
    this.options = { token: 'test-token', strictKeys: true, ...options };
    this.token = this.options.token;
    this.redis = new RespClient(options.redisPort, options.redisHost);
    this.server = http.createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  async listen() {
    await new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.options.port ?? 0, '127.0.0.1', resolve);
    });
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  raw(args) {
    return this.redis.send(args);
  }

  killSubscribers() {
    for (const client of this.subscribers) client.close();
  }

  async close() {
    this.killSubscribers();
    this.redis.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  rewrite(script) {
    const flags = /^#!lua(?:\s+flags=([^\s]*))?[^\n]*\n/.exec(script);
    if (!flags || !flags[1]?.split(',').includes('allow-key-locking')) return script;
    const rest = flags[1].split(',').filter((flag) => flag && flag !== 'allow-key-locking');
    const head = rest.length > 0 ? `#!lua flags=${rest.join(',')}\n` : '#!lua\n';
    return head + (this.options.strictKeys ? DECLARED_KEYS_ONLY : '') + script.slice(flags[0].length);
  }

  async run(command, token) {
    const args = command.map(asArgument);
    const name = String(args[0]).toUpperCase();
    this.stats.commands++;
    this.stats.byName[name] = (this.stats.byName[name] ?? 0) + 1;
    if (token !== this.token && !READS.test(name)) {
      return new ReplyError(`NOPERM this user has no permissions to run the '${name.toLowerCase()}' command`);
    }
    if (NOT_OVER_REST.includes(name)) return new ReplyError(`ERR Command is not available: '${args[0]}'`);
    if (name === 'EVAL' || name === 'EVAL_RO') args[1] = this.known(String(args[1]));
    else if (name === 'EVALSHA' || name === 'EVALSHA_RO') args[1] = this.shas.get(String(args[1])) ?? args[1];
    else if (name === 'SCRIPT' && /^exists$/i.test(args[1])) {
      for (let i = 2; i < args.length; i++) args[i] = this.shas.get(String(args[i])) ?? args[i];
    } else if (name === 'SCRIPT' && /^load$/i.test(args[1])) {
      const source = String(args[2]);
      const loaded = await this.redis.send(['SCRIPT', 'LOAD', this.known(source)]);
      return loaded instanceof ReplyError ? loaded : Buffer.from(sha1(source));
    }
    return this.redis.send(args);
  }

  known(script) {
    const rewritten = this.rewrite(script);
    if (rewritten !== script) this.shas.set(sha1(script), sha1(rewritten));
    return rewritten;
  }

  reply(response, status, body, type = 'application/json') {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': bytes.length,
      'upstash-sync-token': Buffer.from(`t-${++this.answered}`).toString('base64'),
    });
    response.end(bytes);
  }

  async serve(request, response) {
    this.stats.http++;
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const url = new URL(request.url, 'http://bridge');
    const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const fault = this.fault?.(firstCommand(path, body));
    if (fault?.kind === 'drop') return request.socket.destroy();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'Content-Type': fault.type ?? 'text/html' });
      return response.end(fault.body);
    }
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const lost = fault?.kind === 'lose' ? () => request.socket.destroy() : null;
    try {
      await this.answer({ request, response, url, path, body, lost });
    } catch (error) {
      this.reply(response, 500, { error: `ERR ${error.message}` });
    }
  }

  async answer({ request, response, url, path, body, lost }) {
    const { headers, method } = request;
    const send = (status, payload, type) => (lost ? lost() : this.reply(response, status, payload, type));
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? url.searchParams.get('_token');
    if (token !== this.token && (!this.options.readOnlyToken || token !== this.options.readOnlyToken)) {
      return send(401, { error: 'WRONGPASS invalid or missing auth token' });
    }
    if (!['GET', 'POST', 'PUT', 'HEAD'].includes(method))
      return send(405, { error: 'ERR unsupported HTTP method' });
    const base64 = headers['upstash-encoding'] === 'base64';
    const format = headers['upstash-response-format'] ?? 'json';
    const isList = (item) => Array.isArray(item) && item.length > 0;
    const head = path[0]?.toLowerCase();
    if (!['json', 'resp2'].includes(format) || (format === 'resp2' && (base64 || head === 'multi-exec'))) {
      return send(400, { error: 'ERR unsupported response format' });
    }
    if (head === 'subscribe' || head === 'psubscribe') return this.subscribe(request, response, path);
    if (head === 'pipeline' || head === 'multi-exec') {
      const commands = parseList(body, (list) => list.every(isList));
      if (!commands) return send(400, { error: 'ERR failed to parse pipeline request' });
      if (head === 'multi-exec') return this.transaction(commands, token, base64, send);
      const values = await Promise.all(commands.map((command) => this.run(command, token)));
      if (format === 'resp2') return send(200, Buffer.concat(values.map(toResp)), 'application/octet-stream');
      return send(
        200,
        values.map((value) => asEntry(value, base64)),
      );
    }
    const command = path.length === 0 ? parseList(body, () => true) : fromPath(path, body, url);
    if (!command) return send(400, { error: 'ERR failed to parse command' });
    const value = await this.run(command, token);
    const status = value instanceof ReplyError ? 400 : 200;
    if (format === 'resp2') return send(status, toResp(value), 'application/octet-stream');
    return send(status, asEntry(value, base64));
  }

  async transaction(commands, token, base64, send) {
    // Written in one tick to one socket, so nothing of another client comes between.
    void this.redis.send(['MULTI']);
    const queued = commands.map((command) => this.run(command, token));
    const values = await this.redis.send(['EXEC']);
    if (!(values instanceof ReplyError))
      return send(
        200,
        values.map((value) => asEntry(value, base64)),
      );
    const first = (await Promise.all(queued)).find((value) => value instanceof ReplyError);
    return send(400, { error: (first ?? values).message });
  }

  subscribe(request, response, path) {
    if (!String(request.headers.accept ?? '').includes('text/event-stream')) {
      return this.reply(response, 400, { error: 'ERR subscribe needs Accept: text/event-stream' });
    }
    const client = new RespClient(this.options.redisPort, this.options.redisHost);
    this.subscribers.add(client);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    client.push(path, (message) => {
      if (Array.isArray(message)) response.write(`data: ${message.map(String).join(',')}\n\n`);
    });
    client.socket.on('close', () => response.end());
    response.on('close', () => {
      this.subscribers.delete(client);
      client.close();
    });
  }
}

/** `/set/key/value?EX=10` with a body as the last argument before the query's. */
function fromPath(path, body, url) {
  const command = [...path];
  if (body.length > 0) command.push(body);
  for (const [name, value] of url.searchParams) {
    if (name !== '_token') command.push(name, ...(value === '' ? [] : [value]));
  }
  return command;
}

function firstCommand(path, body) {
  if (path.length > 0 && !['pipeline', 'multi-exec'].includes(path[0])) return path[0].toUpperCase();
  const list = parseList(body, () => true);
  const first = Array.isArray(list?.[0]) ? list[0][0] : list?.[0];
  return String(first ?? '').toUpperCase();
}

/** Starts a bridge on 127.0.0.1. See `upstash-bridge.d.mts` for the options. */
export function startBridge(options) {
  return new Bridge(options).listen();
}
