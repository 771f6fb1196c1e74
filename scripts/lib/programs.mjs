import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Failure, step } from './steps.mjs';

const onPath = (names) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => names.some((name) => existsSync(path.join(folder, name))));

/** Debian keeps the servers of PostgreSQL off the path. */
const postgresBinaries = () => {
  const versions = '/usr/lib/postgresql';
  if (onPath(['initdb'])) return true;
  return (
    existsSync(versions) &&
    readdirSync(versions).some((it) => existsSync(path.join(versions, it, 'bin/initdb')))
  );
};

/** Programs that tests run against, and the Debian packages that bring them. */
const PROGRAMS = [
  { name: 'redis-server', debian: 'redis-server', mac: 'redis', found: () => onPath(['redis-server']) },
  { name: 'PostgreSQL', debian: 'postgresql', mac: 'postgresql', found: postgresBinaries },
  {
    name: 'MariaDB',
    debian: 'mariadb-server',
    mac: 'mariadb',
    found: () => onPath(['mariadbd']) || existsSync('/usr/sbin/mariadbd'),
  },
  {
    name: 'Chromium',
    debian: 'chromium',
    mac: '--cask chromium',
    found: () =>
      Boolean(process.env.CHROMIUM_PATH) || onPath(['chromium', 'chromium-browser', 'google-chrome']),
  },
];

const isRoot = () => process.getuid?.() === 0;

const apt = (...args) =>
  execFileSync('apt-get', ['-q', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });

/**
 * Installs what the tests need and is not there, where that can be done without asking.
 * @throws Failure with instructions, since a test that cannot run is not a passed one
 */
export const installPrograms = async () => {
  const missing = PROGRAMS.filter((it) => !it.found());
  if (missing.length === 0) return;
  const names = missing.map((it) => it.name).join(', ');
  const packages = missing.map((it) => it.debian);
  if (isRoot() && onPath(['apt-get'])) {
    await step(`Installing ${names}`, async () => {
      try {
        apt('install', '-y', '--no-install-recommends', ...packages);
      } catch {
        apt('update');
        apt('install', '-y', '--no-install-recommends', ...packages);
      }
    }).catch(() => {});
  }
  const still = missing.filter((it) => !it.found());
  if (still.length === 0) return;
  throw new Failure(
    `✗ The tests need ${still.map((it) => it.name).join(', ')}, which is not installed.\n` +
      `  Debian, Ubuntu: sudo apt-get install ${still.map((it) => it.debian).join(' ')}\n` +
      `  macOS: ${still.map((it) => `brew install ${it.mac}`).join(' && ')}`,
  );
};
