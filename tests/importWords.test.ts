import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dialogFix } from '#renderer/features/library/fixWords.ts';

it.each([
  [
    'say which of them is the verdict with --map verdict=label',
    'say which of them is the verdict with “Verdict: label”',
  ],
  [
    'say which holds with --map scores=FIELD,ranks= or --map ranks=FIELD,scores=',
    'say which holds with “Their scores: the field” and “Their ranks: No field” or “Their ranks: the field” and “Their scores: No field”',
  ],
  [
    'say which holds with --map verdict=good,a=FIELD',
    'say which holds with “Verdict: good” and “Reply A: the field”',
  ],
  [
    '--map context=log sets it before the question, --map history= leaves it out',
    '“Context: log” sets it before the question, “History: No field” leaves it out',
  ],
  [
    'say so with --map verdict=won --verdicts VALUE=a,VALUE=b, or leave the pair unlabelled with --map verdict=',
    'say so with “Verdict: won” “Values of the verdict: VALUE=a,VALUE=b”, or leave the pair unlabelled with “Verdict: No field”',
  ],
  [
    'say what its values mean with --verdicts, or leave it out with --map verdict=',
    'say what its values mean with “Values of the verdict”, or leave it out with “Verdict: No field”',
  ],
  [
    'say which with --verdicts 0=tie,1=a,2=b or --verdicts 0=a,1=b',
    'say which with “Values of the verdict: 0=tie,1=a,2=b” or “Values of the verdict: 0=a,1=b”',
  ],
  [
    'say whether to read it (--json-texts read) or to keep it as text (--json-texts keep)',
    'say whether to read it (“Texts that are JSON lists: Read the lists”) or to keep it as text (“Texts that are JSON lists: Keep them as text”)',
  ],
  [
    'say from which score on a reply is good: --good-from SCORE',
    'say from which score on a reply is good: “A rated reply alone is good from”',
  ],
  ['Correct the row, or go on without it.', 'Correct the row, or go on without it.'],
])('says in the words of the dialog: %s', (fix, words) => {
  expect(dialogFix(fix)).toBe(words);
});

/** Texts between backquotes or quotes that name an option of the shell. */
function reasons(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name) && entry.name !== 'taskLinks.ts')
    .flatMap(
      (entry) =>
        readFileSync(join(entry.parentPath, entry.name), 'utf8').match(/['`"][^'`"\n]*--[a-z][^'`"\n]*/g) ??
        [],
    )
    .map((text) => text.replaceAll(/\$\{[^}]*\}/g, 'name'));
}

it('leaves no option of the shell in any reason that an import gives', () => {
  const found = reasons(join(import.meta.dirname, '../src/main/import'));
  expect(found.length).toBeGreaterThan(10);
  for (const reason of found) expect(dialogFix(reason)).not.toMatch(/--[a-z]/);
});
