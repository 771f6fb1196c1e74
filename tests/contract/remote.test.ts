import type { Store } from '../../server/src/core/store';
import {
  createRemoteStore,
  type RemoteStore,
  type RemoteTarget,
} from '../../server/src/stores/create-remote-store';
import { TestRedis } from '../support/bridge';
import { storeContract } from './store-contract';

let redis: TestRedis;

// One timer for a test machine that is busy: none of these tests is about deadlines.
function harness(target: () => RemoteTarget) {
  return {
    start: async () => {
      redis = await TestRedis.start();
    },
    stop: () => redis.stop(),
    open: async (maxBytes: number) => {
      await redis.raw('FLUSHALL');
      return createRemoteStore(target(), { prefix: 'app', maxBytes, deadline: 5000, lease: 60_000 });
    },
    settle: (store: Store) => (store as RemoteStore).idle(),
  };
}

storeContract(
  'upstash',
  harness(() => redis.credentials),
);
storeContract(
  'redis',
  harness(() => ({ redisUrl: redis.redisUrl })),
);
