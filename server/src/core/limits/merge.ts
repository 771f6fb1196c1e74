import type { LimitedPartition, PolicyStats } from './ledger';
import type { TallySlot } from './tally';

/** The numbers of several instances as one, in the order of the first. */
export function mergePolicies(lists: readonly (readonly PolicyStats[])[]): PolicyStats[] {
  const byName = new Map<string, PolicyStats[]>();
  for (const policy of lists.flat()) {
    const same = byName.get(policy.name);
    if (same) same.push(policy);
    else byName.set(policy.name, [policy]);
  }
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    return {
      ...first,
      minutes: mergeSlots(same.flatMap((it) => it.minutes)),
      hours: mergeSlots(same.flatMap((it) => it.hours)),
      top: mergeTop(same.flatMap((it) => it.top)),
    };
  });
}

function mergeSlots(slots: readonly TallySlot[]): TallySlot[] {
  const sums = new Map<number, TallySlot>();
  for (const slot of slots) {
    const sum = sums.get(slot.at);
    if (!sum) {
      sums.set(slot.at, { ...slot });
      continue;
    }
    sum.allowed += slot.allowed;
    sum.limited += slot.limited;
    sum.dryRun += slot.dryRun;
  }
  return [...sums.values()].sort((a, b) => a.at - b.at);
}

function mergeTop(partitions: readonly LimitedPartition[]): LimitedPartition[] {
  const sums = new Map<string, LimitedPartition>();
  for (const it of partitions) {
    const { count = 0, lastAt = 0 } = sums.get(it.id) ?? {};
    sums.set(it.id, { ...it, count: it.count + count, lastAt: Math.max(it.lastAt, lastAt) });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt).slice(0, 20);
}
