/** `docs/security.md`: each threat has a defence, and a test that is there to be run. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const tests = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.test.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const rows = [...page.matchAll(/^\| (?!threat |-)(.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, threat = '', defence = '', shown = '']) => ({ threat, defence, shown }),
);

/** What a mark of the last column names: a test file, a folder of some, a command. */
function isThere(mark: string): boolean {
  const command = /^npm run (\S+)/.exec(mark);
  if (command) return command[1] !== undefined && command[1] in scripts;
  if (!mark.endsWith('.test.ts')) return tests.some((path) => path.startsWith(`${mark}/`));
  // A name without its folder stands for one file alone.
  return mark.includes('/')
    ? tests.includes(mark)
    : tests.filter((path) => basename(path) === mark).length === 1;
}

it('has rows of three cells, each of which says something', () => {
  expect(rows.length).toBeGreaterThan(35);
  expect(page.match(/^\| /gm)?.length).toBe(rows.length + (page.match(/^\| (threat |-)/gm)?.length ?? 0));
  expect(rows.filter(({ threat, defence }) => threat.length < 10 || defence.length < 10)).toEqual([]);
});

it.each(rows)('$threat', ({ shown }) => {
  const marks = [...shown.matchAll(/`([^`]+)`/g)].map(([, mark = '']) => mark);
  expect(marks.length).toBeGreaterThan(0);
  expect(marks.filter((mark) => !isThere(mark))).toEqual([]);
});
