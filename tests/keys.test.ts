/** `docs/keys.md` names every key that a screen binds, and none that it does not. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ACTIONS, actionOf } from '#renderer/features/annotate/actions.ts';
import { capOf } from '#renderer/features/annotate/keys/keyWords.ts';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'keys.md'), 'utf8');
const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
  ' ': 'Space',
};
const lower = new Map(Object.entries(SIGNS).map(([name, sign]) => [name.toLowerCase(), sign]));

/** As the page writes it: `shift+z` and `Shift Z` are `Shift+Z`. */
const written = (key: string): string =>
  key
    .replace(/^shift[ +]/i, 'Shift+')
    .replace(
      /[^+]+$/,
      (last) => lower.get(last.toLowerCase()) ?? (last.length === 1 ? last.toUpperCase() : last),
    );

/** Keys in code marks in the first column of a section's table. */
function documented(section: string): string[] {
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  const cells = own.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key));
}

/** Keys on buttons and of commands, and those that `useScreenKeys` is given in letters, of a feature's files. */
function bound(feature: string): string[] {
  return globSync(join(root, 'src', 'renderer', 'features', feature, '**', '*.tsx')).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const named = [...text.matchAll(/keyName(?:=|: )["']([^"']+)["']/g)].map(([, key = '']) => key);
    const given = [...text.matchAll(/useScreenKeys\(\{([\s\S]*?)\n? *\}/g)].flatMap(([, body = '']) =>
      [...body.matchAll(/(?:^|[{,\n]) *'?([a-z/?+]+)'?: /g)].map(([, key = '']) => key),
    );
    return [...named, ...given];
  });
}

it.each([
  ['Start', 'start'],
  ['Library', 'library'],
  ['Train', 'train'],
  ['Playground', 'playground'],
])('%s', (section, feature) => {
  const keys = [...new Set(bound(feature).map(written))];
  expect(keys.length).toBeGreaterThan(2);
  expect(documented(section)).toEqual(expect.arrayContaining(keys));
});

it('Annotate: each key that an action comes with', () => {
  const keys = ACTIONS.flatMap((action) => actionOf(action).keys.map(capOf));
  expect(documented('Annotate').toSorted()).toEqual([...keys, 'Esc'].toSorted());
});
