import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say } from './console.mjs';
import { cacheDir, nodePath, rootDir } from './paths.mjs';
import { run } from './process.mjs';

const reportPath = join(cacheDir, 'test', 'report.json');
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

/** Counts of one report of the test runner; a file that could not be run counts as one failure. */
export function countTests({ numPassedTests, numFailedTests, testResults }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

/** Runs the tests; a runner that ends without a report, or badly in spite of a good one, is a failure. */
export async function runTests(args, env) {
  mkdirSync(dirname(reportPath), { recursive: true });
  rmSync(reportPath, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const command = [tool('vitest', 'vitest.mjs'), 'run', ...reporters, ...args];
  const { status } = await run(nodePath, command, { env });
  if (!existsSync(reportPath)) return { passed: 0, failed: 1 };
  const { passed, failed } = countTests(JSON.parse(readFileSync(reportPath, 'utf8')));
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed };
}

/** The last line of a test run, for people and programs. */
export const totalLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
