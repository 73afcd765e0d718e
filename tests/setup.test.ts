/** The set-up script's own decisions; that it works as a whole is shown by every fresh clone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { skippedLines, totalLine } from '../scripts/lib/checks.mjs';
import { countTests } from '../scripts/lib/countReporter.mjs';
import { outdatedPackages } from '../scripts/lib/dependencies.mjs';

let root: string;
const lock = (packages: Record<string, object>) => JSON.stringify({ packages: { '': {}, ...packages } });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'facet-setup-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(
    join(root, 'package-lock.json'),
    lock({
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/gpu': { version: '1.0.0', optional: true },
    }),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

const install = (packages: Record<string, object>) =>
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock(packages));

test('nothing installed: everything required is to be installed', () => {
  expect(outdatedPackages(root)).toEqual(['a', 'b']);
});

test('another version, or a missing package, is to be installed; an optional one may be absent', () => {
  install({ 'node_modules/a': { version: '1.0.1' }, 'node_modules/b': { version: '2.0.0' } });
  expect(outdatedPackages(root)).toEqual(['a']);
});

test('what is as locked needs nothing', () => {
  install({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } });
  expect(outdatedPackages(root)).toEqual([]);
});

interface FakeTest {
  readonly state: string;
  readonly note?: string;
  readonly missing?: string;
}
/** As the runner reports a file: its tests in one suite, which may lack something itself. */
function reported(state: string, tests: readonly FakeTest[], missing?: string) {
  const suite = { meta: () => ({ missing }), parent: { meta: () => ({}) } };
  const cases = tests.map(({ state: result, note, missing: own }, index) => ({
    module: { relativeModuleId: 'a.test.ts' },
    fullName: `suite > test ${index + 1}`,
    parent: suite,
    meta: () => ({ missing: own }),
    result: () => ({ state: result, note }),
  }));
  const allTests = (wanted: string) => cases.filter((one) => one.result().state === wanted);
  return { state: () => state, children: { allTests } };
}
const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((state) => ({ state }));

test('a test file that could not run, and an error outside the tests, count as failures', () => {
  const files = [
    reported('passed', [passed!, passed!, skipped!]),
    reported('failed', [failed!, passed!]),
    reported('failed', []),
  ];
  expect(totalLine(countTests(files, [new Error('late')]))).toBe('3 passed, 3 failed, 1 skipped');
});

test('skipped tests are named under what they lack, by themselves or by their suite', () => {
  const files = [
    reported('passed', [{ state: 'skipped', note: 'no adapter' }, passed!], '../shared is absent'),
    reported('passed', [{ state: 'skipped', missing: 'no adapter' }]),
    reported('passed', [skipped!], '../shared is absent'),
    reported('passed', [skipped!]),
  ];
  expect(skippedLines(countTests(files, []).skipped)).toEqual([
    'skipped, because no adapter:',
    '  a.test.ts > suite > test 1',
    '  a.test.ts > suite > test 1',
    'skipped, because ../shared is absent:',
    '  a.test.ts > suite > test 1',
    'skipped, because no reason given:',
    '  a.test.ts > suite > test 1',
  ]);
});
