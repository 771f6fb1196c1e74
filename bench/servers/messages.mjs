/** Answers what the harness asks this process: `{ id, name, input }` in, `{ id, result }` or `{ id, error }` out. */
export function answer(handlers) {
  const all = { ...common, ...handlers };
  process.on('message', async ({ id, name, input }) => {
    try {
      process.send({ id, result: await all[name](input) });
    } catch (error) {
      process.send({ id, error: String(error?.stack ?? error) });
    }
  });
  process.once('disconnect', () => process.exit(0));
}

const common = {
  /** Microseconds of processor time since the start. */
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Spans of `otel.mjs`, if there are any. */
  spans: () => globalThis.spans ?? 0,
  /** Bytes that are still reachable. */
  async memory() {
    for (let i = 0; i < 3; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { used: heapUsed + external, rss };
  },
};
