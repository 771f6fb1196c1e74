// Sends requests at a fixed rate over kept connections: node steady.mjs ORIGIN FILE PER_SECOND CONNECTIONS
// A request that finds no connection free waits for one, and its waiting counts. The answers are read no further than
// they must be, so that this process stays cheap.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const [origin, file, perSecond, connections] = process.argv.slice(2);
const texts = readFileSync(file, 'latin1').match(/[^]*?\r\n\r\n/g);
const { hostname, port } = new URL(origin);
const latencies = [];
const free = [];
const waiting = [];
const counts = { hits: 0, wrong: 0 };
let sent = 0;

function open() {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const connection = { socket, dueAt: 0, head: '', left: 0 };
  socket.once('connect', () => release(connection));
  socket.on('data', (chunk) => receive(connection, chunk));
  socket.on('error', () => counts.wrong++);
  socket.on('close', () => {
    // a connection that ends without being told to has not answered its request
    if (!stopping) counts.wrong++;
  });
  return connection;
}

function receive(connection, chunk) {
  if (connection.left > 0) connection.left -= chunk.length;
  else {
    connection.head += chunk.latin1Slice();
    const end = connection.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = connection.head.slice(0, end);
    connection.left =
      Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]) - (connection.head.length - end - 4);
    connection.head = '';
    if (!(connection.left >= 0) || head[9] > '3') counts.wrong++;
    if (/\r\nx-cache: hit/i.test(head)) counts.hits++;
  }
  if (connection.left > 0) return;
  latencies.push(performance.now() - connection.dueAt);
  release(connection);
}

function release(connection) {
  if (waiting.length > 0) send(connection, waiting.shift());
  else free.push(connection);
}

function send(connection, dueAt) {
  connection.dueAt = dueAt;
  connection.socket.write(texts[sent++ % texts.length], 'latin1');
}

let stopping = false;
let due = 0;
const all = Array.from({ length: Number(connections) }, open);
while (free.length < all.length) await new Promise((resolve) => setTimeout(resolve, 5));
const startedAt = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  for (; due < ((now - startedAt) * perSecond) / 1000; due++) {
    const connection = free.pop();
    if (connection) send(connection, now);
    else waiting.push(now);
  }
}, 1);
process.once('disconnect', () => process.exit(1));
process.send('started');
process.once('message', () => {
  clearInterval(timer);
  stopping = true;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor((latencies.length - 1) * share)];
  const seconds = (performance.now() - startedAt) / 1000;
  const answered = latencies.length;
  process.send({ ...counts, answered, perSecond: answered / seconds, p50: at(0.5), p99: at(0.99) }, () =>
    process.exit(0),
  );
});
