import { describe, expect, it } from 'vitest';
import { project } from '../../../server/src/core/stats/bill';
import { Recorder } from '../../../server/src/core/stats/recorder';
import { joinSnapshot, newestHour, splitSnapshot } from '../../../server/src/core/stats/snapshot';
import { entryOf } from '../../support/entries';

const HOUR = 3_600_000;
const NOW = Date.UTC(2027, 0, 15, 12, 30);
const ROUTE = { template: '/api/articles', controller: 'api::article.article' };

function recorder(): Recorder {
  const it = new Recorder(NOW - 9 * HOUR, () => 0);
  for (const back of [8, 3, 3, 1, 0])
    it.hit(ROUTE, entryOf({ key: 'k', seq: 1 }), NOW - back * HOUR, it.begin());
  it.asked(4, 3, NOW - 2 * HOUR);
  return it;
}

describe('a snapshot in two parts', () => {
  it('is whole again when they are joined', () => {
    const snapshot = recorder().read(NOW);
    const { running, closed } = splitSnapshot(snapshot, NOW);
    expect(joinSnapshot(running, closed)).toEqual(snapshot);
  });

  it('has the hour that runs in one, and the hours that are over in the other', () => {
    const { running, closed } = splitSnapshot(recorder().read(NOW), NOW);
    expect(running.all.hours).toHaveLength(1);
    expect(closed.all.hours).toHaveLength(4);
    expect(newestHour(closed)).toBe(NOW - 1.5 * HOUR);
    expect(closed.all.minutes).toEqual([]);
  });

  it('counts an hour once that both parts know, as it was when it was over', () => {
    const it = recorder();
    const { running } = splitSnapshot(it.read(NOW), NOW);
    it.hit(ROUTE, entryOf({ key: 'k', seq: 1 }), NOW + 1000, it.begin());
    const { closed } = splitSnapshot(it.read(NOW + HOUR), NOW + HOUR);
    const hits = joinSnapshot(running, closed).all.hours.map(({ counts }) => counts[0]);
    expect(hits).toEqual([1, 2, 0, 1, 2]);
  });
});

describe('the bill of a month', () => {
  it('goes on as the period did, at the price of Upstash', () => {
    // 1000 commands an hour are 720,000 in 30 days, at $0.20 for 100,000
    expect(project(1000, '1h', 0, NOW)).toEqual({ monthlyCommands: 720_000, monthlyDollars: 1.44 });
    expect(project(24_000, '24h', 0, NOW)?.monthlyDollars).toBeCloseTo(1.44);
  });

  it('goes by the time since the start where that is shorter', () => {
    expect(project(500, '24h', NOW - HOUR / 2, NOW)?.monthlyCommands).toBe(720_000);
  });

  it('is not guessed from a few minutes', () => {
    expect(project(500, '1h', NOW - 60_000, NOW)).toBeNull();
  });
});
