import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** Strapi is a global: one at a time, each file in a process of its own. */
const oneAtATime = { pool: 'forks', isolate: true, fileParallelism: false, maxWorkers: 1 } as const;

const project = (name: string, include: string[], order: number, more: object = {}) => ({
  test: {
    name,
    include,
    exclude: ['**/node_modules/**'],
    environment: 'node',
    testTimeout: MINUTE,
    hookTimeout: 2 * MINUTE,
    sequence: { groupOrder: order },
    restoreMocks: true,
    ...more,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['tests/unit/**/*.test.ts'], 0, { execArgv: ['--expose-gc'] }),
      project('types', [], 0, {
        typecheck: {
          enabled: true,
          only: true,
          include: ['tests/types/**/*.test.ts'],
          tsconfig: 'tests/types/tsconfig.json',
        },
      }),
      project('contract', ['tests/contract/**/*.test.ts'], 0),
      project('faults', ['tests/faults/**/*.test.ts'], 1),
      project('redis', ['tests/redis/**/*.test.ts'], 1),
      project('concurrency', ['tests/concurrency/**/*.test.ts'], 2, { testTimeout: 5 * MINUTE }),
      project('integration', ['tests/integration/**/*.test.ts'], 3, {
        ...oneAtATime,
        globalSetup: ['tests/support/template.ts'],
      }),
      project('differential', ['tests/differential/**/*.test.ts'], 4, {
        ...oneAtATime,
        globalSetup: ['tests/support/template.ts'],
        testTimeout: 20 * MINUTE,
      }),
      project('fleet', ['tests/fleet/**/*.test.ts'], 5, {
        ...oneAtATime,
        globalSetup: ['tests/support/template.ts', 'tests/support/fleet-setup.ts'],
        testTimeout: 2 * MINUTE,
        hookTimeout: 5 * MINUTE,
      }),
      project('browser', ['tests/browser/**/*.test.ts'], 6, {
        ...oneAtATime,
        globalSetup: ['tests/support/template.ts'],
        testTimeout: 5 * MINUTE,
        hookTimeout: 5 * MINUTE,
      }),
    ],
  },
});
