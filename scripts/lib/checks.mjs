import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say } from './console.mjs';
import { cacheDir, nodePath, rootDir } from './paths.mjs';
import { run } from './process.mjs';

const countsPath = join(cacheDir, 'test', 'counts.json');
const tool = (...parts) => join(rootDir, 'node_modules', ...parts);

/** Runs a tool under the project's Node and says how it went; returns whether it passed. */
async function check(title, args, options) {
  const startedAt = performance.now();
  const { status } = await run(nodePath, args, options);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return status === 0;
}

export const checkTypes = () => check('types', [tool('typescript', 'bin', 'tsc'), '-b']);

/** Lint, import rules and format in one pass. */
export const checkLint = () =>
  check('lint, import rules, format', [tool('@biomejs', 'biome', 'bin', 'biome'), 'check', '.']);

/** Exports that nobody uses, then code that tests alone reach; `knip.config.ts` says what is which. */
export async function checkUnused() {
  const knip = [tool('knip', 'bin', 'knip.js'), '--no-progress'];
  const all = await check('unused code', knip);
  // A type that only a test names is its way to say what it holds.
  return (await check('code that only tests use', [...knip, '--production', '--exclude', 'types'])) && all;
}

/** Runs the tests; a runner that ends without its counts, or badly in spite of good ones, is a failure. */
export async function runTests(args, env) {
  mkdirSync(dirname(countsPath), { recursive: true });
  rmSync(countsPath, { force: true });
  const reporter = join(rootDir, 'scripts', 'lib', 'countReporter.mjs');
  const command = [
    tool('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${reporter}`,
    ...args,
  ];
  const { status } = await run(nodePath, command, { env: { ...env, FACET_TEST_COUNTS: countsPath } });
  if (!existsSync(countsPath)) return { passed: 0, failed: 1, skipped: [] };
  const { passed, failed, skipped } = JSON.parse(readFileSync(countsPath, 'utf8'));
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped };
}

/** Skipped tests by what they lack, so that nobody takes them for passed. */
export function skippedLines(skipped) {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return reasons.flatMap((reason) => [
    `skipped, because ${reason}:`,
    ...skipped.filter((test) => test.reason === reason).map(({ name }) => `  ${name}`),
  ]);
}

/** The last line of a test run, for people and programs. */
export const totalLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped.length} skipped`;

/**
 * Ends a run of checks and tests: skipped tests by name, then the total alone on its line. A failed check is counted as a
 * failed test: the last line must never look better than the exit code. Returns that code.
 */
export function conclude(checks, tests) {
  const total = { ...tests, failed: tests.failed + checks.filter((passed) => !passed).length };
  for (const line of [...skippedLines(tests.skipped), totalLine(total)]) process.stdout.write(`${line}\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}
