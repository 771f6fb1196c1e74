import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../vitest.config';
import { ROOT } from '../support/root';

interface Project {
  readonly test: {
    readonly include: readonly string[];
    readonly typecheck?: { readonly include?: readonly string[] };
  };
}

describe('every test file', () => {
  it('belongs to exactly one project, so that none is left out in silence', () => {
    const projects = (config as { test: { projects: Project[] } }).test.projects;
    const patterns = projects.flatMap(({ test }) => [...test.include, ...(test.typecheck?.include ?? [])]);
    const files = readdirSync(path.join(ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => path.posix.join('tests', file.split(path.sep).join('/')));
    const homes = (file: string): number =>
      patterns.filter((it) => file.startsWith(it.replace(/\*\*.*/, ''))).length;
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => homes(file) !== 1)).toEqual([]);
  });
});
