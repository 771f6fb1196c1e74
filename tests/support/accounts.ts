import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account that a database server runs under: it refuses to run as root. */
export function accountOf(name: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
