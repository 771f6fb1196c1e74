import type { Entry } from '../core/entry';

/** Entries looked at between other work. */
const AT_ONCE = 500;

const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Looks at many entries, part by part, and lets requests in between. */
export async function walkEntries(
  entries: readonly Entry[],
  look: (part: readonly Entry[]) => void,
): Promise<void> {
  for (let i = 0; i < entries.length; i += AT_ONCE) {
    look(entries.slice(i, i + AT_ONCE));
    if (i + AT_ONCE < entries.length) await others();
  }
}

/**
 * Sorts many entries in the same way: parts first, then two and two of them into one. Equal ones keep their order.
 * @returns a new list
 */
export async function sortEntries(
  entries: readonly Entry[],
  compare: (a: Entry, b: Entry) => number,
): Promise<Entry[]> {
  let runs: Entry[][] = [];
  await walkEntries(entries, (part) => void runs.push([...part].sort(compare)));
  while (runs.length > 1) {
    const longer: Entry[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      longer.push(await merged(runs[i] ?? [], runs[i + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

async function merged(
  left: readonly Entry[],
  right: readonly Entry[],
  compare: (a: Entry, b: Entry) => number,
): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let [i, j] = [0, 0]; i < left.length || j < right.length;) {
    const [a, b] = [left[i], right[j]];
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      all.push(a);
      i++;
    } else if (b !== undefined) {
      all.push(b);
      j++;
    }
    if (all.length % (AT_ONCE * 10) === 0) await others();
  }
  return all;
}
