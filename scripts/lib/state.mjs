import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from './paths.mjs';

const file = path.join(cache, 'state.json');

const read = () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

/** What each step was last done for, by the name of the step. */
export const state = {
  get: (step) => read()[step],
  set: (step, value) => {
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...read(), [step]: value }, null, 2)}\n`);
  },
};

const filesUnder = (target, skip) => {
  if (!existsSync(target)) return [];
  if (!statSync(target).isDirectory()) return [target];
  return readdirSync(target)
    .sort()
    .map((name) => path.join(target, name))
    .filter((entry) => !skip.some((skipped) => entry === skipped) && path.basename(entry) !== 'node_modules')
    .flatMap((entry) => filesUnder(entry, skip));
};

/** One hash of the names and contents of files and folders (paths inside the repository), and of extra texts. */
export const fingerprint = (targets, { skip = [], extra = [] } = {}) => {
  const hash = createHash('sha256');
  const skipped = skip.map((target) => path.join(root, target));
  for (const entry of targets.flatMap((target) => filesUnder(path.join(root, target), skipped))) {
    hash
      .update(`${path.relative(root, entry)}\0`)
      .update(readFileSync(entry))
      .update('\0');
  }
  for (const text of extra) hash.update(`${text}\0`);
  return hash.digest('hex');
};
