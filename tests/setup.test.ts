/** The set-up script's own decisions; that it works as a whole is shown by every fresh clone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countTests, totalLine } from '../scripts/lib/checks.mjs';
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

test('a test file that could not run counts as a failure', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(totalLine(countTests(report))).toBe('5 passed, 2 failed');
});
