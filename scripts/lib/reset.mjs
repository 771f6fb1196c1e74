import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { playground, relative } from './paths.mjs';
import { state } from './state.mjs';
import { Failure, step } from './steps.mjs';

const removeFile = ({ filename }) => {
  if (path.relative(playground, filename).startsWith('..')) {
    throw new Failure(`--reset only removes a database inside playground/. Remove ${filename} yourself.`);
  }
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${filename}${suffix}`, { force: true });
};

const emptyPostgres = async ({ client: _client, ...connection }) => {
  if (!connection.database.includes('playground')) {
    throw new Failure(
      `--reset only empties a PostgreSQL database with "playground" in its name, not "${connection.database}".`,
    );
  }
  const { Client } = createRequire(path.join(playground, 'package.json'))('pg');
  const client = new Client(connection);
  try {
    await client.connect();
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  } catch (error) {
    const { host, port, database } = connection;
    throw new Failure(`PostgreSQL at ${host}:${port} did not empty "${database}": ${error.message}`);
  } finally {
    await client.end();
  }
};

const removeUploads = () => {
  const uploads = path.join(playground, 'public', 'uploads');
  if (!existsSync(uploads)) return;
  for (const name of readdirSync(uploads)) {
    if (name !== '.gitkeep') rmSync(path.join(uploads, name), { recursive: true });
  }
};

export const resetSite = (database) => {
  const name = database.client === 'sqlite' ? relative(database.filename) : `database ${database.database}`;
  return step(`Removing the content (${name} and the uploads)`, async () => {
    if (database.client === 'sqlite') removeFile(database);
    else await emptyPostgres(database);
    removeUploads();
    state.set('seed', null);
  });
};
