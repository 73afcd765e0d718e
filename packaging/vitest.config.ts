import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The packaged app alone; `npm run package` says where it is. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    include: ['tests/packaged/*.packaged.ts'],
    pool: 'forks',
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
