import type { KnipConfig } from 'knip';

/** Files that only tests reach: what a test is made of, or what it compares with. */
const TEST_SUPPORT = [
  'src/**/*.test.{ts,tsx}',
  'src/**/{test,fake}[A-Z]*.ts',
  'src/compute/record/{parity,plainCases,smoothCases}.ts',
  'src/compute/record/float64/**',
];

/**
 * Nothing that nobody uses. Two passes (scripts/lib/checks.mjs): with the tests, an export that only its own file uses is
 * none; with `--production`, code that tests alone reach is dead.
 */
export default {
  entry: [
    'src/worker/buildStarter.ts!',
    'src/worker/bench/{index,*Case}.ts!',
    'src/main/bench/index.ts!',
    'src/main/bench/soak/liveMemory.ts!',
    'src/main/job/buildChecks.ts!',
    'scripts/*.{mjs,ts}!',
    // What the build's own configuration imports.
    'scripts/lib/licences.mjs!',
    'scripts/{annotate,explore}Bench/index.ts!',
    'scripts/lib/countReporter.mjs!',
    'tests/fixtures/**/*.{ts,mjs}',
    'tests/torture/{index,victim}.ts',
    'tests/fuzz/{index,feeder}.ts',
    'tests/helpers/browserWindow.cjs',
    'tests/packaged/*.packaged.ts',
    'tests/cluster/{vitest.config,*.cluster}.ts',
    'packaging/{builder.config.cjs,vitest.config.ts}',
  ],
  project: [
    'src/**/*.{ts,tsx}!',
    'scripts/**/*.{mjs,ts}!',
    ...TEST_SUPPORT.map((files) => `!${files}!`),
    'tests/**/*.{ts,cjs,mjs}',
    'packaging/*.{ts,cjs}',
  ],
  // Of the system: a screen where there is none; a small disk, a named pipe and packages for tests.
  ignoreBinaries: ['Xvfb', 'unshare', 'mount', 'mkfifo', 'dpkg-deb', 'cc'],
  ignoreExportsUsedInFile: process.argv.includes('--production'),
} satisfies KnipConfig;
