import net from 'node:net';

const CRLF = Buffer.from('\r\n');

/** A status reply: `+OK`. */
export class Status {
  constructor(text) {
    this.text = text;
  }
}

/** An error reply: `-ERR ...`. */
export class ReplyError {
  constructor(message) {
    this.message = message;
  }
}

/** One reply from a buffer: `[value, position behind it]`, or null when more bytes are needed. */
function parse(buffer, position) {
  const end = buffer.indexOf(CRLF, position);
  if (end < 0) return null;
  const line = buffer.toString('utf8', position + 1, end);
  const next = end + 2;
  switch (String.fromCharCode(buffer[position])) {
    case '+':
      return [new Status(line), next];
    case '-':
      return [new ReplyError(line), next];
    case ':':
      return [Number(line), next];
    case '$': {
      const length = Number(line);
      if (length < 0) return [null, next];
      return buffer.length < next + length + 2
        ? null
        : [buffer.subarray(next, next + length), next + length + 2];
    }
    case '*': {
      if (Number(line) < 0) return [null, next];
      const items = [];
      let at = next;
      for (let i = 0; i < Number(line); i++) {
        const item = parse(buffer, at);
        if (!item) return null;
        items.push(item[0]);
        at = item[1];
      }
      return [items, at];
    }
    default:
      throw new Error('unreadable reply from redis');
  }
}

function encode(args) {
  const parts = [Buffer.from(`*${args.length}\r\n`)];
  for (const arg of args) {
    const bytes = Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg));
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF);
  }
  return Buffer.concat(parts);
}

/** A value as RESP2 bytes. */
export function toResp(value) {
  if (value === null) return Buffer.from('$-1\r\n');
  if (typeof value === 'number') return Buffer.from(`:${value}\r\n`);
  if (value instanceof Status) return Buffer.from(`+${value.text}\r\n`);
  if (value instanceof ReplyError) return Buffer.from(`-${value.message}\r\n`);
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, CRLF]);
  return Buffer.concat([Buffer.from(`*${value.length}\r\n`), ...value.map(toResp)]);
}

/** A small RESP2 client: ordered, pipelined, binary-safe. Reconnects at the next command after a loss. */
export class RespClient {
  constructor(port, host = '127.0.0.1') {
    this.port = port;
    this.host = host;
    this.waiting = [];
    this.rest = Buffer.alloc(0);
    this.socket = null;
    this.onPush = null;
  }

  /** Resolves to the reply, a `ReplyError` among them; never rejects. */
  send(args) {
    this.open();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.socket.write(encode(args));
    });
  }

  /** Sends without expecting one reply: for subscriptions, whose messages arrive in `onPush`. */
  push(args, onPush) {
    this.onPush = onPush;
    this.open();
    this.socket.write(encode(args));
  }

  close() {
    this.socket?.destroy();
  }

  open() {
    if (this.socket) return;
    const socket = net.connect(this.port, this.host);
    this.socket = socket;
    this.rest = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    const lost = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      for (const resolve of this.waiting.splice(0))
        resolve(new ReplyError('ERR the connection to redis is lost'));
    };
    socket.on('error', lost).on('close', lost);
  }

  take(chunk) {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (at < this.rest.length) {
      const reply = parse(this.rest, at);
      if (!reply) break;
      at = reply[1];
      if (this.onPush) this.onPush(reply[0]);
      else this.waiting.shift()?.(reply[0]);
    }
    this.rest = this.rest.subarray(at);
  }
}
