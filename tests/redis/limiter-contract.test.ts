import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, vi } from 'vitest';
import { InsuredLimiter } from '../../server/src/limiters/insured';
import { MemoryLimiter } from '../../server/src/limiters/memory';
import { UpstashLimiter } from '../../server/src/limiters/upstash';
import { limiterContract } from '../contract/limiter-contract';
import { LimiterWorld, type Transport } from './limiter-world';

let world: LimiterWorld;
let prefixes = 0;

beforeAll(async () => {
  world = await LimiterWorld.open();
});
afterAll(() => world.close());
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const upstash = (over: Transport): UpstashLimiter =>
  new UpstashLimiter({ redis: world.connect(over), prefix: `t${++prefixes}`, digest });

const setNow = (now: number): void => void vi.setSystemTime(now);

describe.each(['sdk', 'upstash-driver', 'tcp'] as const)('over %s', (over) => {
  limiterContract('remote', { open: () => upstash(over), setNow });
});

describe('insured', () => {
  limiterContract('remote with a stand-in', {
    open: () =>
      new InsuredLimiter(upstash('sdk'), new MemoryLimiter(), { mode: 'closed', share: 1, deadline: 5000 }),
    setNow,
  });
});
