import { InsuredLimiter } from '../../server/src/limiters/insured';
import { MemoryLimiter } from '../../server/src/limiters/memory';
import { limiterContract } from './limiter-contract';

limiterContract('insured, with its remote in order', {
  open: () =>
    new InsuredLimiter(new MemoryLimiter(), new MemoryLimiter(), {
      mode: 'insured',
      share: 0.5,
      deadline: 250,
    }),
  setNow: () => undefined,
});
