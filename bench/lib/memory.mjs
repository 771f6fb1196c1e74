import { visit } from './http.mjs';
import { articleLists, makeTraffic } from './traffic.mjs';

/**
 * What an entry of 10 KB costs: reachable bytes of a server before and after so many entries, by the number of them.
 * Everything that grew with them is in it: keys, plans, tags, statistics.
 */
export async function memoryPerEntry(world, entries) {
  await world.start('large', { as: 'entries' });
  try {
    const server = world.server('entries');
    const [{ headers }] = makeTraffic({ urls: articleLists(1), requests: 1 });
    const requests = articleLists(entries).map((path) => ({ path, headers }));
    // what the first requests load stays loaded
    await visit(server.origin, requests.slice(0, 200));
    await server.ask('clear');
    const before = await server.ask('memory');
    let bytes = 0;
    await visit(server.origin, requests, (_, { body }) => (bytes += body.length));
    const after = await server.ask('memory');
    const stats = await server.ask('stats');
    if (stats.entries !== entries)
      throw new Error(`${stats.entries} entries were stored instead of ${entries}`);
    return {
      entries,
      body: bytes / entries,
      perEntry: (after.used - before.used) / entries,
      counted: stats.bytes / entries,
    };
  } finally {
    await world.stop('entries');
  }
}
