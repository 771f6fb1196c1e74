// Bare Koa or bare node:http, answering what another server has answered: node servers/bare.mjs <koa|koa-foreign|http>
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import foreign from '../app/src/middlewares/foreign.js';
import { answerHttp, answerKoa, copyAnswers } from './answers.mjs';
import { answer } from './messages.mjs';

const kind = process.argv[2];

function koaListener() {
  const require = createRequire(import.meta.url);
  // the Koa that Strapi runs on
  const core = require.resolve('@strapi/core', { paths: [require.resolve('@strapi/strapi')] });
  const Koa = require(require.resolve('koa', { paths: [core] }));
  const app = new Koa({ proxy: true });
  if (kind === 'koa-foreign') app.use(foreign());
  app.use((ctx) => void answerKoa(ctx));
  return app.callback();
}

const server = createServer(kind === 'http' ? answerHttp : koaListener());
answer({ copy: copyAnswers });
server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }));
