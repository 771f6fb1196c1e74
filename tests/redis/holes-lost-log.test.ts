import { clock, log, lua, playHoles } from '../support/holes';

const noLink = clock('if (!trusted && !(known(from) && known(witness))) return false;', '');

playHoles('holes of a tag clock: a log that is lost or rewound', [
  {
    name: 'fail-over to an old copy, then a purge lifts the seq above everybody',
    without: [noLink],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.purge('x');
      await b.read('k', 'old');
      await a.sync();
      await world.copyLog();
      await a.purge('t');
      await world.rewindLog();
      for (let i = 0; i < 20; i++) await b.purge('y');
      await a.sync();
      await b.leaseOver();
      return b.read();
    },
  },
  {
    name: 'fail-over while the seq runs ahead of time: the fork uses the same numbers again',
    without: [lua('+tonumber(ARGV[4])', ''), lua('+tonumber(ARGV[5]))', ')')],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.purge('x');
      await b.read('k', 'old');
      await a.sync();
      await world.copyLog();
      await a.purge('t');
      await world.rewindLog();
      await b.purge('y');
      await a.sync();
      await b.leaseOver();
      return b.read();
    },
  },
  {
    name: 'an own purge acknowledged with a gap, then lost',
    without: [clock('known(from) && known(witness)', 'known(from)')],
    async replay(world) {
      const [a, b, c] = [world.start(), world.start(), world.start()];
      await c.purge('x');
      await a.sync();
      await b.read('k', 'old');
      await c.purge('y');
      await world.copyLog();
      await a.purge('t');
      await world.rewindLog();
      await a.sync();
      await a.sync();
      await b.leaseOver();
      return b.read();
    },
  },
  {
    name: 'log lost, and the next command is a purge',
    without: [
      lua(
        "if ARGV[1]=='all' or not last then",
        "if not last then redis.call('ZADD',g,N,'#seq','1','#floor') last=1 end if ARGV[1]=='all' then",
      ),
      noLink,
    ],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.purge('x');
      await b.read('k', 'old');
      await a.purge('t');
      await world.loseLog();
      await a.purge('y');
      await b.leaseOver();
      return b.read();
    },
  },
  {
    name: 'log lost, and the next command is a sync',
    without: [lua("N,'#seq',N,'#floor')\nend\nlocal r", "N,'#seq','1','#floor')\nend\nlocal r")],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      await a.purge('x');
      await a.read('k', 'old');
      await a.purge('t');
      await world.loseLog();
      return b.read();
    },
  },
  {
    name: 'a counter instead of time starts again below old entries',
    without: [
      lua("local t=redis.call('TIME') local now=t[1]*1000000+t[2]", 'local now=1'),
      lua('last and now or now+tonumber(ARGV[2]),tonumber(ARGV[5])+1)', '1)'),
      lua('now+tonumber(ARGV[1])', '1'),
      lua('+tonumber(ARGV[4])', ''),
      lua('+tonumber(ARGV[5]))', ')'),
    ],
    async replay(world) {
      const [a, b] = [world.start(), world.start()];
      for (let i = 0; i < 5; i++) await a.purge('x');
      await a.read('k', 'old');
      await world.loseLog();
      await a.purge('t');
      for (let i = 0; i < 9; i++) await b.purge('y');
      return b.read();
    },
  },
  {
    name: 'the seq ran ahead of time, the log is lost, an own purge starts it again below own entries',
    without: [
      log('this.options.time.random() * 1024', '(0.5 + this.options.time.random() / 2) * 65536'),
      log('this.spread(), witness]', 'this.spread(), 0]'),
      clock('} else complete = false;', '}'),
    ],
    async replay(world) {
      const a = world.start({ logLead: 0 });
      for (let i = 0; i < 40; i++) await a.purge('x');
      await a.read('k', 'old');
      await world.loseLog();
      await a.purge('t');
      return a.read();
    },
  },
]);
