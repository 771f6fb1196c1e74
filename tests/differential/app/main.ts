import type { AddressInfo } from 'node:net';
import type { CallerName, RequestName, Requests } from '../protocol';
import { authorize } from './access';
import { arrange } from './arrange';
import { boot } from './boot';
import { readCatalog } from './catalog';
import { Observer } from './observe';
import { runOperation } from './operations';
import { World } from './world';

interface Message<N extends RequestName = RequestName> {
  readonly id: number;
  readonly name: N;
  readonly ask: Requests[N]['ask'];
}

type Answers = { [N in RequestName]: (ask: Requests[N]['ask']) => Promise<Requests[N]['answer']> };

const KEEP_ALIVE_MS = 600_000;

/**
 * Rejections that nobody in Strapi waits for, and that end the process with the plugin or without it: the check of a
 * unique attribute goes on when the transaction of its write is over, and an event is emitted for an entry that
 * somebody else has deleted meanwhile.
 */
const STRAPIS_OWN = /entity-validator\/validators\.js|document-service\/events\.js/;

// who has left it behind comes after ten functions of the database
Error.stackTraceLimit = 50;
process.on('unhandledRejection', (reason) => {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  console.error(`unhandled rejection: ${text}`);
  if (!STRAPIS_OWN.test(text)) process.exit(1);
});

async function main(): Promise<void> {
  const observer = new Observer();
  const strapi = await boot();
  const { httpServer } = strapi.server;
  // a connection that ends while a request is on its way is no answer to compare
  httpServer.keepAliveTimeout = KEEP_ALIVE_MS;
  const { port } = httpServer.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const answers: Answers = {
    catalog: () => readCatalog(strapi),
    write: ({ operation, number }) => {
      observer.write = number;
      return runOperation(new World(strapi, origin, operation.seed), operation.kind);
    },
    explain: ({ url, caller, since }) => Promise.resolve(observer.explain(url, caller, since)),
    async authorize(caller: CallerName) {
      const authorization = await authorize(strapi, origin, caller);
      observer.know(caller, authorization);
      return authorization;
    },
    delivered: (patience) => observer.delivered(patience),
    arrange: (arrangement) => arrange(strapi, arrangement),
    async forget() {
      await strapi.plugin('upstash-cache').service('cache').purge({ all: true });
      return null;
    },
    async stop() {
      await strapi.destroy();
      setImmediate(() => process.exit(0));
      return null;
    },
  };
  process.on('message', (message: Message) => {
    const answer = answers[message.name] as (ask: unknown) => Promise<unknown>;
    answer(message.ask).then(
      (it) => process.send?.({ id: message.id, answer: it ?? null }),
      (error: Error) => process.send?.({ id: message.id, error: error.stack ?? String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: { port } });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
