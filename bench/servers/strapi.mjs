// The app of the bench in one variant: node servers/strapi.mjs, with DATABASE_FILENAME, PUBLIC_DIR and BENCH_PLUGINS
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerKoa, copyAnswers } from './answers.mjs';
import { answer } from './messages.mjs';
import { seed } from './seed.mjs';

const require = createRequire(import.meta.url);
const appDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../app');
globalThis.answerKoa = answerKoa;

const strapi = await require('@strapi/strapi').createStrapi({ appDir, distDir: appDir }).load();
const cache = () => strapi.plugin('upstash-cache').service('cache');

/** The n-th write of a kind; what it writes is always new. */
const WRITES = {
  note: (n) => publish('api::note.note', n, { title: `Note ${n}` }),
  article: (n) => publish('api::article.article', n, { title: `Article ${n}`, rating: n % 5 }),
  query: async (n) => {
    const notes = await ids('api::note.note');
    const where = { documentId: notes[n % notes.length], publishedAt: null };
    return () => strapi.db.query('api::note.note').update({ where, data: { title: `Note ${n}` } });
  },
};

async function publish(uid, n, data) {
  const documents = strapi.documents(uid);
  const all = await ids(uid);
  const documentId = all[n % all.length];
  return async () => {
    await documents.update({ documentId, data });
    await documents.publish({ documentId });
  };
}

const known = new Map();
async function ids(uid) {
  if (!known.has(uid)) {
    const rows = await strapi.documents(uid).findMany({ limit: 20, fields: ['documentId'] });
    known.set(
      uid,
      rows.map((it) => it.documentId),
    );
  }
  return known.get(uid);
}

let written = 0;

answer({
  copy: copyAnswers,
  seed: () => seed(strapi),
  stats: () => cache().stats(),
  clear: () => cache().purge({ all: true }),
  /** Milliseconds of so many writes, one after the other with a pause in between. */
  async write({ kind, count, pause }) {
    const times = [];
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const write = await WRITES[kind](written++);
      const startedAt = performance.now();
      await write();
      times.push(performance.now() - startedAt);
    }
    return times;
  },
});

strapi.server.mount();
const { httpServer } = strapi.server;
httpServer.listen(0, '127.0.0.1', () => process.send({ ready: httpServer.address().port }));
