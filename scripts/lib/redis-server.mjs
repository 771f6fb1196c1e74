import { spawn } from 'node:child_process';
import net from 'node:net';

const HELP =
  'redis-server is not installed. Debian and Ubuntu: sudo apt-get install redis-server; ' +
  'macOS: brew install redis; or put its path into REDIS_SERVER.';

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts an empty redis-server in memory on a free port of 127.0.0.1.
 * @returns its port and how to stop it
 * @throws with instructions when redis-server is not installed
 */
export async function startRedis({ port, args = [] } = {}) {
  const chosen = port ?? (await freePort());
  const fixed = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(process.env.REDIS_SERVER ?? 'redis-server', [...fixed, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    child.once('error', (error) => reject(error.code === 'ENOENT' ? new Error(HELP) : error));
    child.once('exit', (code) =>
      reject(new Error(`redis-server ended with code ${code}; is port ${chosen} taken?`)),
    );
    child.stdout.on('data', (text) => {
      if (String(text).includes('Ready to accept connections')) resolve();
    });
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    port: chosen,
    /** Stops answering without closing connections, and goes on. */
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: async () => {
      process.off('exit', kill);
      child.kill('SIGKILL');
      await exited;
    },
  };
}
