#!/usr/bin/env node
// npm test: installs what is missing, builds, checks types and style, runs every test, and says how many passed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkNode, install } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { installPrograms } from './lib/programs.mjs';
import { Failure, line } from './lib/steps.mjs';

const report = path.join(root, 'node_modules/.cache/test-report.json');

const run = (name, ...args) =>
  new Promise((resolve) => {
    line(`\n→ ${name}`);
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, STRAPI_TELEMETRY_DISABLED: 'true' },
    });
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });

const tool = (file) => path.join(root, 'node_modules', file);

/** One check counts as one test. */
const check = async (name, commands) => {
  for (const [title, ...args] of commands) {
    if ((await run(title, ...args)) !== 0) return (line(`✗ ${name}`), { passed: 0, failed: 1 });
  }
  line(`✓ ${name}`);
  return { passed: 1, failed: 0 };
};

const vitest = async (filters) => {
  rmSync(report, { force: true });
  mkdirSync(path.dirname(report), { recursive: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run('Tests', tool('vitest/vitest.mjs'), 'run', ...reporters, ...filters);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  // a file that could not even be loaded has no failed tests, and a test that was left out has not passed
  const failed = numFailedTests + numPendingTests;
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
};

const main = async (filters) => {
  checkNode();
  await install();
  await installPrograms();
  const { buildFresh } = await import('./lib/tooling.mjs');
  await buildFresh();
  const results = [];
  if (filters.length === 0) {
    results.push(await check('Types', [['Types', tool('typescript/bin/tsc'), '-p', 'tsconfig.json']]));
    const style = [
      ['ESLint', tool('eslint/bin/eslint.js'), '.'],
      ['Prettier', tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
    ];
    results.push(await check('Style', style));
  }
  results.push(await vitest(filters));
  return results;
};

try {
  const results = await main(process.argv.slice(2));
  const sum = (key) => results.reduce((total, it) => total + it[key], 0);
  line(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
} catch (error) {
  line(error instanceof Failure ? `\n${error.message}` : error);
  line('\n0 passed, 1 failed');
  process.exitCode = 1;
}
