import type { Entry } from '../core/entry';

/** Entries looked at between other work. */
const AT_ONCE = 500;

/** Looks at many entries, part by part, and lets requests in between. */
export async function walkEntries(
  entries: readonly Entry[],
  look: (part: readonly Entry[]) => void,
): Promise<void> {
  for (let i = 0; i < entries.length; i += AT_ONCE) {
    look(entries.slice(i, i + AT_ONCE));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
