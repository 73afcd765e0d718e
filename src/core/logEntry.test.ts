import { expect, it } from 'vitest';
import { logEntry } from './logEntry.ts';

const at = new Date('2026-01-02T03:04:05.006Z');
const SECRETS = [
  '/home/ada',
  'ada\\',
  'pairs.facet',
  'hf_abcdefghijklmnopqrstuvwxyz',
  'my prompt',
  '\u001b',
  '\u202e',
];

it.each([
  [
    'unexpected: SyntaxError: Unexpected token m, "my prompt"... is not valid JSON\n    at parse (/home/ada/x.js:1:2)',
  ],
  ['/home/ada/my work/pairs.facet is damaged and is not written to: page 3'],
  ["backup: ENOSPC: no space left on device, open '/home/ada/pairs.facet.files/backups/a'"],
  ['check: C:\\Users\\ada\\pairs.facet can’t be read'],
  ['hub: 401 for hf_abcdefghijklmnopqrstuvwxyz'],
  ['title “my prompt\u202e” \u001b]0;x\u0007'],
])('keeps no text, place, token or control character of %s', (line) => {
  const entry = logEntry(line, at, false);
  for (const secret of SECRETS) expect(entry).not.toContain(secret);
  expect(entry).toMatch(/^2026-01-02T03:04:05\.006Z \S/);
  expect(entry).not.toContain('\n');
});

it('says what went wrong, and the rest where that is asked for', () => {
  expect(logEntry("run 3: it can't be read", at, false)).toContain("run 3: it can't be read");
  expect(logEntry('unexpected: "my prompt"', at, true)).toContain('"my prompt"');
});
