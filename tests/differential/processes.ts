import { fork, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { RequestName, Requests } from './protocol';

export const ROOT = process.env.DIFFERENTIAL_ROOT ?? path.resolve(__dirname, '../..');
const BUILT = path.join(ROOT, 'node_modules/.cache/differential');

/** Compiles the program of the Strapi processes. Imports from packages stay imports. */
export async function buildApp(): Promise<string> {
  mkdirSync(BUILT, { recursive: true });
  const outfile = path.join(BUILT, 'app.cjs');
  await build({
    entryPoints: [path.join(ROOT, 'tests/differential/app/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
  readonly ready?: { port: number };
}

/** One Strapi in a process of its own, spoken to over HTTP and over the control channel. */
export class StrapiProcess {
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private port = 0;
  private running = true;

  private constructor(
    private readonly child: ChildProcess,
    readonly name: string,
  ) {}

  static start(
    program: string,
    name: string,
    env: Record<string, string>,
    log: string,
    cwd = path.join(ROOT, 'playground'),
  ): Promise<StrapiProcess> {
    const child = fork(program, [], {
      cwd,
      env: { ...process.env, NODE_ENV: 'test', STRAPI_TELEMETRY_DISABLED: 'true', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    const started = new StrapiProcess(child, name);
    let last = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        appendFileSync(log, text);
        last = (last + text.toString()).slice(-4000);
      });
    return new Promise((resolve, reject) => {
      child.on('message', (message: Reply) => {
        if (message.ready) {
          started.port = message.ready.port;
          resolve(started);
        } else started.settle(message);
      });
      child.once('exit', (code) => {
        started.running = false;
        const error = new Error(`the ${name} Strapi ended with code ${code}; the end of its log:\n${last}`);
        // whoever waits for an answer over HTTP hears of the connection alone
        if (code !== null && code !== 0) console.error(error.message);
        reject(error);
        for (const it of started.waiting.values()) it.reject(error);
      });
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  ask<N extends RequestName>(name: N, ask: Requests[N]['ask']): Promise<Requests[N]['answer']> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.child.send({ id, name, ask }, (error) => error && reject(error));
    });
  }

  /** Ends it as a crash does: nothing of it runs any more when this resolves. */
  async kill(): Promise<void> {
    const ended = this.ended();
    this.child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    const ended = this.ended();
    const late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    this.ask('stop', undefined).catch(() => undefined);
    await ended;
    clearTimeout(late);
  }

  private ended(): Promise<void> {
    if (!this.running) return Promise.resolve();
    return new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  private settle({ id, answer, error }: Reply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error !== undefined) waiting?.reject(new Error(error));
    else waiting?.resolve(answer);
  }
}
