import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { accountOf, freePort } from '../support/accounts';

/** A cluster of its own on 127.0.0.1, gone when stopped. */
export class PostgresCluster {
  private constructor(
    private readonly server: ChildProcess,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<PostgresCluster> {
    const bin = binaries();
    const user = accountOf('postgres');
    const data = path.join(folder, 'cluster');
    mkdirSync(data, { recursive: true, mode: 0o700 });
    if (user) chownSync(data, user.uid, user.gid);
    const options = { ...user, stdio: 'ignore' as const, cwd: '/' };
    execFileSync(
      path.join(bin, 'initdb'),
      ['-D', data, '-U', 'playground', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      options,
    );
    const port = await freePort();
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      // tuples that move would show rows without an order in another order
      'autovacuum=off',
    ];
    const server = spawn(
      path.join(bin, 'postgres'),
      ['-D', data, ...settings.flatMap((it) => ['-c', it])],
      options,
    );
    const cluster = new PostgresCluster(server, port);
    await cluster.ready();
    return cluster;
  }

  /** Makes an empty database, or a copy of another one that nobody is connected to. */
  create(name: string, template?: string): void {
    this.sql(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
  }

  drop(name: string): void {
    this.sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGINT'); // fast shutdown
    await ended;
  }

  private sql(text: string): void {
    runSql(this.port, text);
  }

  private async ready(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        return this.sql('SELECT 1');
      } catch (error) {
        if (tries > 100 || this.server.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

/** @throws Error when the statement fails; its result is dropped */
export function runSql(port: number, text: string): void {
  const where = ['-h', '127.0.0.1', '-p', String(port), '-U', 'playground', '-d', 'postgres'];
  execFileSync(path.join(binaries(), 'psql'), [...where, '-qc', text], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
  });
}

/** @throws Error with instructions where PostgreSQL is not installed */
function binaries(): string {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions) {
    const bin = path.join(base, version, 'bin');
    if (existsSync(path.join(bin, 'initdb'))) return bin;
  }
  throw new Error('PostgreSQL is not installed: apt-get install postgresql');
}
