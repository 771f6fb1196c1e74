import { MemoryLimiter } from '../../server/src/limiters/memory';
import { limiterContract } from './limiter-contract';

limiterContract('memory', { open: () => new MemoryLimiter(), setNow: () => undefined });
