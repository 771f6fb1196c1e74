import { readFileSync } from 'node:fs';
import { relative } from './paths.mjs';

/** A problem that is explained to the reader; its message is all that is printed. */
export class Failure extends Error {}

export const line = (text = '') => console.log(text);

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Some programs name the cause first and some last. */
const excerpt = (file) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return (lines.length > 45 ? [...lines.slice(0, 15), '  [...]', ...lines.slice(-25)] : lines).join('\n');
};

export const upToDate = (what) => line(`✓ ${what}: up to date`);

/** Runs one step, with a line before and a line with its time after. */
export const step = async (what, work) => {
  line(`→ ${what}...`);
  const start = performance.now();
  const result = await work();
  line(`✓ ${what} (${seconds(performance.now() - start)})`);
  return result;
};

export const failureWithLog = (what, log, advice) =>
  new Failure(`✗ ${what} failed. From ${relative(log)}:\n\n${excerpt(log)}\n\nWhat to do: ${advice}`);
