/** The set-up script's own decisions; that it works as a whole is shown by every fresh clone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { totalLine } from '../scripts/lib/checks.mjs';
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

test('a test file that could not run, and an error outside the tests, count as failures', () => {
  const file = (state: string, tests: readonly string[]) => ({
    state: () => state,
    children: { allTests: (wanted: string) => tests.filter((result) => result === wanted) },
  });
  const files = [
    file('passed', ['passed', 'passed', 'skipped']),
    file('failed', ['failed', 'passed']),
    file('failed', []),
  ];
  expect(totalLine(countTests(files, [new Error('late')]))).toBe('3 passed, 3 failed');
});
