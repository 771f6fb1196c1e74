import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import { accountOf, freePort } from './accounts';

/** A MariaDB server of its own on 127.0.0.1, gone when stopped. */
export class MariadbServer {
  private constructor(
    private readonly server: ChildProcess,
    readonly port: number,
  ) {}

  /** @throws Error with instructions where MariaDB is not installed */
  static async start(folder: string): Promise<MariadbServer> {
    const binary = ['/usr/sbin/mariadbd', '/usr/local/bin/mariadbd', '/opt/homebrew/bin/mariadbd'].find(
      (it) => existsSync(it),
    );
    if (!binary) throw new Error('MariaDB is not installed: apt-get install mariadb-server');
    const account = accountOf('mysql');
    const data = path.join(folder, 'mariadb');
    mkdirSync(data, { recursive: true });
    if (account) chownSync(data, account.uid, account.gid);
    const options = { ...account, stdio: 'ignore' as const, cwd: '/' };
    const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'];
    execFileSync('mariadb-install-db', [...install, '--skip-test-db'], options);
    const port = await freePort();
    const settings = [
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${path.join(data, 'socket')}`,
      `--pid-file=${path.join(data, 'pid')}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-lock-wait-timeout=5',
      '--skip-log-bin',
    ];
    const server = spawn(binary, ['--no-defaults', ...settings], options);
    const started = new MariadbServer(server, port);
    await started.ready();
    return started;
  }

  /** Makes an empty database that `playground` may use, without a password. */
  async create(name: string): Promise<void> {
    const connection = await this.connect();
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await connection.query("CREATE USER IF NOT EXISTS 'playground'@'%'");
    await connection.query("GRANT PROCESS ON *.* TO 'playground'@'%'");
    await connection.query(`GRANT ALL ON ${name}.* TO 'playground'@'%'`);
    await connection.end();
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGTERM');
    await ended;
  }

  private connect(): Promise<Connection> {
    return createConnection({ host: '127.0.0.1', port: this.port, user: 'root' });
  }

  private async ready(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const connection = await this.connect();
        return await connection.end();
      } catch (error) {
        if (tries > 150 || this.server.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}
