import { PATHS } from './cases.mjs';
import { visit } from './load.mjs';

/**
 * What an entry of 10 KB costs: reachable bytes of a server before and after so many entries, by the number of them.
 * Everything that grew with them is in it: keys, plans, tags, statistics.
 */
export async function memoryPerEntry(world, entries) {
  await world.start('memory', { as: 'entries' });
  try {
    const server = world.server('entries');
    const url = server.origin + PATHS['10 KB'];
    // what the first requests load stays loaded
    await visit({ url, keys: 200 });
    await server.ask('clear');
    const before = await server.ask('memory');
    await visit({ url: `${url}&memory=1`, keys: entries });
    const after = await server.ask('memory');
    const stats = await server.ask('entries');
    if (stats.entries !== entries)
      throw new Error(`${stats.entries} entries were stored instead of ${entries}`);
    const response = await fetch(url);
    const bytes = (await response.arrayBuffer()).byteLength;
    return {
      entries,
      body: bytes,
      perEntry: (after.used - before.used) / entries,
      counted: stats.bytes / entries,
    };
  } finally {
    await world.stop('entries');
  }
}
