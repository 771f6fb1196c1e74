import { MemoryStore } from '../../server/src/stores/memory';
import { storeContract } from './store-contract';

storeContract('memory', {
  open: async (maxBytes) => new MemoryStore({ maxBytes }),
  settle: async () => {},
});
