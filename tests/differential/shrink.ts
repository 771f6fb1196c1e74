/**
 * The shortest list with which something still fails, found by leaving out ever smaller parts (Zeller, Hildebrandt:
 * Simplifying and Isolating Failure-Inducing Input, 2002). It is shortest when no single item can be left out; where
 * time runs out before, it is the shortest found so far.
 * @param fails whether it still fails with these items; true of all of them
 * @param inTime whether another trial may begin
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  inTime: () => boolean = () => true,
): Promise<T[]> {
  let kept = [...items];
  let parts = 2;
  while (kept.length > 0 && inTime()) {
    const size = Math.ceil(kept.length / parts);
    const without = await firstThatFails(kept, size, fails, inTime);
    if (without) {
      kept = without;
      parts = Math.max(parts - 1, 2);
    } else if (size === 1) {
      return kept;
    } else {
      parts = Math.min(parts * 2, kept.length);
    }
  }
  return kept;
}

async function firstThatFails<T>(
  items: readonly T[],
  size: number,
  fails: (items: readonly T[]) => Promise<boolean>,
  inTime: () => boolean,
): Promise<T[] | null> {
  // what came long before the failure is least likely to matter
  for (let from = 0; from < items.length && inTime(); from += size) {
    const rest = [...items.slice(0, from), ...items.slice(from + size)];
    if (await fails(rest)) return rest;
  }
  return null;
}
