import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inPlayground, start, strapi } from './processes.mjs';
import { Failure, failureWithLog, step } from './steps.mjs';

const HOST = '127.0.0.1';
const READY_MS = 120_000;

export const checkPort = (port) =>
  new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => {
      const other = port === 1400 ? 1500 : 1400;
      const choose = `Stop what uses it, or choose another port: PORT=${other} npm run playground`;
      const reason = error.code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${error.code})`;
      reject(new Failure(`Port ${port} ${reason}. ${choose}`));
    });
    probe.listen(port, HOST, () => probe.close(resolve));
  });

const answers = async (url) => {
  try {
    return (await fetch(`${url}/_health`, { signal: AbortSignal.timeout(2000) })).status === 204;
  } catch {
    return false;
  }
};

/** Starts Strapi as in production and waits until it answers. */
export const startSite = (port) => {
  const what = 'Starting Strapi';
  const url = `http://${HOST}:${port}`;
  return step(what, async () => {
    await checkPort(port);
    const env = { ...inPlayground.env, HOST, PORT: String(port) };
    const { child, log, ended } = start('strapi', strapi('start'), { ...inPlayground, env });
    let code = null;
    ended.then((value) => (code = value));

    const deadline = Date.now() + READY_MS;
    while (!(await answers(url))) {
      if (code !== null || Date.now() > deadline) {
        throw failureWithLog(
          what,
          log,
          'read the log; `npm run playground -- --reset` starts with an empty site.',
        );
      }
      await sleep(150);
    }
    const showLog = () => {
      child.stdout.pipe(process.stdout);
      child.stderr.pipe(process.stderr);
    };
    return { url, ended, showLog };
  });
};
