// Bare Koa or bare node:http, answering what another server has answered: node servers/bare.mjs <koa|http>
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { answer } from './messages.mjs';

const kind = process.argv[2];
let given = { status: 200, headers: [], body: Buffer.alloc(0) };

function koaListener() {
  const require = createRequire(import.meta.url);
  // the Koa that Strapi runs on
  const core = require.resolve('@strapi/core', { paths: [require.resolve('@strapi/strapi')] });
  const Koa = require(require.resolve('koa', { paths: [core] }));
  const app = new Koa();
  app.use((ctx) => {
    const { status, headers, body } = given;
    ctx.status = status;
    for (let i = 0; i < headers.length; i += 2) ctx.set(headers[i], headers[i + 1]);
    ctx.body = body;
  });
  return app.callback();
}

function httpListener(_request, response) {
  response.writeHead(given.status, given.headers);
  response.end(given.body);
}

const server = createServer(kind === 'koa' ? koaListener() : httpListener);
answer({
  answerWith({ status, headers, body }) {
    given = { status, headers, body: Buffer.from(body, 'base64') };
  },
});
server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }));
