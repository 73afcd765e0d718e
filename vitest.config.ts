import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { cacheDir } from './scripts/lib/paths.mjs';
import { testWorkers, windowWorkers } from './scripts/lib/workers.mjs';
import { LongFirst } from './tests/helpers/longFirst.mjs';

export default defineConfig({
  test: {
    maxWorkers: testWorkers(),
    sequence: { sequencer: LongFirst },
    // Compiled code is kept over the processes: one for each file, and those that tests start.
    env: { NODE_COMPILE_CACHE: join(cacheDir, 'test', 'compiled') },
    globalSetup: 'tests/helpers/buildThreads.mjs',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/components/**', 'node_modules/**', 'out/**'],
          pool: 'forks',
          testTimeout: 180_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'components',
          include: ['tests/components/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 120_000,
          maxWorkers: windowWorkers(),
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 60_000,
          // After the unit tests, which would take the windows' processor.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: windowWorkers(),
          testTimeout: 600_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
