import type { WriteResult } from '../../protocol';
import { Skipped, type World } from '../world';
import { access } from './access';
import { admin } from './admin';
import { documents } from './documents';
import { engine } from './engine';
import { media } from './media';
import { rest } from './rest';
import { sql } from './sql';
import { transactions } from './transactions';

/** Does one write and says what it did. */
export type Operation = (world: World) => Promise<string>;
export type Operations = Readonly<Record<string, Operation>>;

const ALL: Operations = {
  ...documents,
  ...rest,
  ...admin,
  ...engine,
  ...transactions,
  ...media,
  ...access,
  ...sql,
};

export async function runOperation(world: World, kind: string): Promise<WriteResult> {
  const operation = ALL[kind];
  if (!operation) throw new Error(`no operation ${kind}`);
  try {
    return { said: await operation(world), error: null };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      said: error instanceof Skipped ? `skipped: ${text}` : 'failed',
      error: error instanceof Skipped ? null : text,
    };
  }
}
