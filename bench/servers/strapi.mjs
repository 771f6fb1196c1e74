// The app of the bench in one variant: node servers/strapi.mjs, with DATABASE_FILENAME, PUBLIC_DIR and BENCH_PLUGINS
import { subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer } from './messages.mjs';
import { seed } from './seed.mjs';

const require = createRequire(import.meta.url);
const appDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../app');
let runtime = null;
subscribe('upstash-cache.runtime', (it) => (runtime = it));

const strapi = await require('@strapi/strapi').createStrapi({ appDir, distDir: appDir }).load();
let publishing = null;

async function publishUntilTold(state) {
  const notes = await strapi.documents('api::note.note').findMany({ limit: 20 });
  for (let i = 0; !state.stop; i++) {
    const { documentId } = notes[i % notes.length];
    await strapi.documents('api::note.note').update({ documentId, data: { title: `Note ${i}` } });
    await strapi.documents('api::note.note').publish({ documentId });
    state.count++;
  }
  return state.count;
}

answer({
  seed: () => seed(strapi),
  entries: () => runtime?.store.stats() ?? null,
  clear: () => runtime?.store.purge({ all: true }),
  startPublishing() {
    const state = { stop: false, count: 0 };
    publishing = { state, done: publishUntilTold(state) };
  },
  stopPublishing() {
    publishing.state.stop = true;
    return publishing.done;
  },
});

strapi.server.mount();
const { httpServer } = strapi.server;
httpServer.listen(0, '127.0.0.1', () => process.send({ ready: httpServer.address().port }));
