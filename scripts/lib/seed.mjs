import { existsSync } from 'node:fs';
import path from 'node:path';
import { playground } from './paths.mjs';
import { inPlayground, run } from './processes.mjs';
import { state } from './state.mjs';
import { step, upToDate } from './steps.mjs';

const nameOf = ({ client, filename, host, port, database }) =>
  client === 'sqlite'
    ? `sqlite:${path.relative(playground, filename)}`
    : `postgres:${host}:${port}/${database}`;

const advice = {
  sqlite: '',
  postgres: 'check that PostgreSQL answers and that the DATABASE_ variables are right. ',
};

/** The seed itself knows whether it has run; remembering it here saves a start of Strapi. */
export const seedSite = async (database) => {
  const what = 'Seeding the site with articles and pictures';
  const name = nameOf(database);
  const missing = database.client === 'sqlite' && !existsSync(database.filename);
  if (state.get('seed') === name && !missing) {
    upToDate('Content');
    return;
  }
  await step(what, () =>
    run(what, 'seed', [path.join(playground, 'dist/src/seed/cli.js')], {
      ...inPlayground,
      advice: `${advice[database.client]}To start with an empty site: npm run playground -- --reset`,
    }),
  );
  state.set('seed', name);
};
