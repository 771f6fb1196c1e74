import type { World } from '../world';
import { documents } from './documents';
import { engine } from './engine';
import type { Operation, Operations } from './index';
import { sql } from './sql';

class GivenUp extends Error {}

const inside: readonly Operation[] = [
  documents['document.update'],
  documents['document.publish'],
  documents['document.create'],
  engine['engine.update'],
  engine['engine.delete'],
  sql['sql.update'],
].filter((it) => it !== undefined);

async function several(world: World): Promise<string> {
  const said: string[] = [];
  for (let i = world.random.int(1, 3); i > 0; i--) said.push(await world.random.pick(inside)(world));
  return said.join('; ');
}

export const transactions: Operations = {
  'transaction.commit': async (world) => await world.strapi.db.transaction(() => several(world)),
  'transaction.rollback': async (world) => {
    let said = '';
    try {
      await world.strapi.db.transaction(async () => {
        said = await several(world);
        throw new GivenUp();
      });
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
    }
    return `rolled back: ${said}`;
  },
};
