import { barrier, failing } from '../support/faults';
import { clock, lease, queue, tiered, playHoles } from '../support/holes';

playHoles('holes of a tag clock: what happens at once', [
  {
    name: 'a purge races a fill',
    without: [tiered('if (this.closing ||', 'entry.seq = this.parts.clock.seen;\n    if (this.closing ||')],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.purge('x');
      await world.lateFill(a, async () => {
        await b.purge('t');
        await a.sync();
      });
      await b.leaseOver();
      return b.read();
    },
  },
  {
    name: 'an own acknowledgement taken as knowledge of everything before it',
    without: [
      clock(
        'if (ack.previous === this.seen) this.seen = ack.marker;\n      else complete = false;',
        'this.seen = Math.max(this.seen, ack.marker);',
      ),
    ],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.read('k', 'old');
      await b.purge('t');
      await a.purge('y');
      await a.sync();
      return a.read();
    },
  },
  {
    name: 'a strict reader joins a sync that has already run',
    without: [lease('if (flight.startedAt >= need) return ok;', 'return ok;')],
    async replay(world) {
      const [a, b] = [world.start({ lease: 0 }), world.start()];
      await a.read('k', 'old');
      const sync = barrier(/^ZREVRANGE/);
      a.driver.after = sync.gate;
      const first = a.store.get('k', a.time.now());
      await sync.reached;
      await b.purge('t');
      const second = a.read();
      sync.open();
      await first;
      return second;
    },
  },
  {
    name: 'the lease counted from the end of a slow sync',
    without: [
      lease('this.syncedAt = startedAt;', 'this.syncedAt = this.parts.time.monotonic();'),
      lease('this.syncedWall = wall;', 'this.syncedWall = this.parts.time.now();'),
    ],
    async replay(world) {
      const [a, b] = [world.start({ lease: 100 }), world.start()];
      await a.read('k', 'old');
      await a.time.advance(101);
      const sync = barrier(/^ZREVRANGE/);
      a.driver.after = sync.gate;
      const slow = a.store.get('k', a.time.now());
      await sync.reached;
      await b.purge('t');
      await a.time.advance(80);
      sync.open();
      await slow;
      await a.time.advance(65);
      return a.read();
    },
  },
  {
    name: 'a follower takes a response from before a purge that it must see',
    without: [
      tiered(
        "return this.parts.lease.trusted && this.parts.clock.check(entry) === 'yes';",
        'return this.parts.lease.trusted;',
      ),
    ],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      const seq = (await a.store.begin()) ?? 0;
      await b.purge('t');
      await a.sync();
      await a.keep('k', 'old', seq);
      const landed = { key: 'k', seq, tags: ['t'], checked: 0 } as unknown as Parameters<
        typeof a.store.isValid
      >[0];
      return a.store.isValid(landed) ? 'old' : 'new';
    },
  },
  {
    name: 'a follower takes a response while the purges of others cannot be known',
    without: [tiered('return this.parts.lease.trusted && ', 'return ')],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      const seq = (await a.store.begin()) ?? 0;
      await b.purge('t');
      await a.leaseOver();
      a.driver.before = failing(/./);
      await a.store.get('k', a.time.now());
      const landed = { key: 'k', seq, tags: ['t'], checked: 0 } as unknown as Parameters<
        typeof a.store.isValid
      >[0];
      return a.store.isValid(landed) ? 'old' : 'new';
    },
  },
  {
    name: 'an own purge is still on its way',
    without: [clock("if (this.dirty.has(tag)) return 'no';", '')],
    async replay(world) {
      const a = world.start();
      await a.read('k', 'old');
      const sending = barrier(/^EVAL/);
      a.driver.before = sending.gate;
      const purged = a.purge('t');
      const seen = await a.read();
      sending.open();
      await purged;
      return seen;
    },
  },
  {
    name: 'a purge fails and is forgotten',
    without: [
      queue(
        "this.park(deliveries, error instanceof Error ? error.message : 'unknown');",
        'for (const it of deliveries) this.close(it);',
      ),
    ],
    async replay(world) {
      const a = world.start();
      await a.read('k', 'old');
      a.driver.before = failing(/^EVAL/, 1);
      void a.purge('t');
      await a.driver.settled();
      await a.time.advance(100);
      await a.driver.settled();
      return a.read();
    },
  },
  {
    name: 'a fresh process, and an entry older than what it was told',
    without: [clock("if (entry.seq < this.horizon) return 'old';", '')],
    async replay(world) {
      const [a, b] = [world.start(), world.start({ logLimit: 5 })];
      await a.read('k', 'old');
      await a.purge('t');
      for (let i = 0; i < 9; i++) await a.purge(`y${i}`);
      return b.read();
    },
  },
  {
    name: 'a process forgets the older half of its purges',
    without: [clock('if (cut > this.horizon) this.horizon = cut;', '')],
    async replay(world) {
      const [a, b] = [world.start(), world.start({ maxTags: 8 })];
      await b.read('k', 'old');
      await a.purge('t');
      for (let i = 0; i < 9; i++) await a.purge(`y${i}`);
      await b.sync();
      return b.read();
    },
  },
  {
    name: 'a write that arrives late outlives its entry',
    without: [
      { file: 'stores/shared-tier.ts', find: "if (keepUntil(entry) <= now) return 'expired';", put: '' },
      tiered('if (holds && found.freshUntil > now) return found', 'if (holds) return found'),
    ],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.read('k', 'old');
      await world.raw('PERSIST', 'test:e:k');
      await b.time.advance(700_000);
      return b.read();
    },
  },
  {
    name: 'a purge that an earlier process could not deliver is not known at the first lookup',
    without: [lease('if (before) await before();', '')],
    async replay(world) {
      const a = world.start();
      await a.read('k', 'old');
      const journal = {
        add: () => Promise.resolve(),
        remove: () => Promise.resolve(),
        list: () => Promise.resolve([{ id: '1', tags: ['t'], all: false }]),
      };
      return world.start({ journal }).read();
    },
  },
]);
