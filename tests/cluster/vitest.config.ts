import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** PyTorch and Ray for real, by `npm run test:cluster`. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..', '..'),
    include: ['tests/cluster/*.cluster.ts'],
    globalSetup: 'tests/helpers/buildThreads.mjs',
    pool: 'forks',
    reporters: ['verbose'],
    testTimeout: 2_400_000,
    hookTimeout: 1_200_000,
  },
});
