import path from 'node:path';
import { openDatabases } from '../differential/database';
import { buildApp, StrapiProcess } from '../differential/processes';

/** What the files of the project share: a program to run, and a seeded PostgreSQL database to copy. */
export interface FleetGround {
  readonly program: string;
  readonly folder: string;
  /** The environment of a Strapi on the seeded original, which nobody may use. */
  readonly original: Readonly<Record<string, string>>;
}

export default async function setup({ provide }: { provide(key: 'fleet', value: FleetGround): void }) {
  const program = await buildApp();
  const databases = await openDatabases('postgres');
  const { folder } = databases;
  try {
    const env = { ...databases.original(), PLAYGROUND_CACHE: 'off' };
    const seeding = await StrapiProcess.start(program, 'seeding', env, path.join(folder, 'seeding.log'));
    await seeding.stop();
  } catch (error) {
    await databases.close();
    throw error;
  }
  provide('fleet', { program, folder, original: databases.original() });
  return () => databases.close();
}

declare module 'vitest' {
  interface ProvidedContext {
    fleet: FleetGround;
  }
}
