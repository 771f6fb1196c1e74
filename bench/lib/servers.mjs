import { fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../servers');
const START_MS = 120_000;

/** A server in a process of its own, and what it can be asked. */
export class Server {
  #child;
  #asked = new Map();
  #number = 0;
  #log = '';

  constructor(child) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (this.#log = (this.#log + String(text)).slice(-8000)));
    child.once('exit', () => {
      for (const { reject } of this.#asked.values()) reject(new Error(`the server has ended\n${this.#log}`));
    });
    child.on('message', ({ id, result, error }) => {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error !== undefined) asked?.reject(new Error(error));
      else asked?.resolve(result);
    });
  }

  /**
   * @param program file in `bench/servers`
   * @param args its arguments
   * @param options.env environment variables beside those of this process
   * @param options.node flags for node, such as `--cpu-prof`
   * @throws when it does not listen in time, with the end of its output
   */
  static async start(program, args = [], { env = {}, node = [] } = {}) {
    const child = fork(path.join(folder, program), args, {
      env: { ...process.env, ...env },
      execArgv: ['--expose-gc', ...node],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const server = new Server(child);
    server.origin = await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${program} ${args.join(' ')} ${why}\n${server.#log}`));
      const timer = setTimeout(() => fail(`did not listen within ${START_MS / 1000} s`), START_MS);
      child.once('exit', (code) => fail(`ended with code ${code}`));
      child.on('message', ({ ready }) => {
        if (ready === undefined) return;
        clearTimeout(timer);
        resolve(`http://127.0.0.1:${ready}`);
      });
    });
    return server;
  }

  ask(name, input) {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#child.send({ id, name, input }, (error) => error && reject(error));
    });
  }

  /** Ends by itself when the connection to this process does. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await ended;
  }
}
