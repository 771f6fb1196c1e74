import type { ChartPoint } from '../../../../server/src/contracts';

export const asked = (point: ChartPoint): number => point.hits + point.stale + point.misses;

/** The part of the requests of a point that the cache answered; null without requests. */
export const rateOf = (point: ChartPoint): number | null =>
  asked(point) === 0 ? null : (point.hits + point.stale) / asked(point);

/** A round number that is not much above a value: the end of an axis. */
export function niceCeiling(value: number): number {
  if (value <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

const MINUTE = 60_000;
const STEPS = [5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880].map((it) => it * MINUTE);

/** Which points get a label: the first behind each round time of the day, as many as there is room for. */
export function labelled(points: readonly ChartPoint[], room: number): ReadonlySet<number> {
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  const step = STEPS.find((it) => span / it <= room) ?? span + 1;
  const slot = (at: number): number => Math.floor((at - new Date(at).getTimezoneOffset() * MINUTE) / step);
  return new Set(
    points.flatMap(({ at }, index) => {
      const before = points[index - 1];
      return before && slot(before.at) !== slot(at) ? [index] : [];
    }),
  );
}

/** A line goes on over so many points without requests: a site that is asked now and then still has one. */
const BRIDGE = 3;

/** Points of a line with its gaps: a time without requests ends one stretch. */
export function stretches<T>(values: readonly (T | null)[]): { index: number; value: T }[][] {
  const found: { index: number; value: T }[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const open = found.at(-1);
    const last = open?.at(-1);
    if (open && last && index - last.index <= BRIDGE + 1) open.push({ index, value });
    else found.push([{ index, value }]);
  });
  return found;
}
