/** What the documents name is there: files by their path, other documents by their links, commands by their names. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createProgram } from '#main/cli/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.startsWith('resources/'));

/** `src/…`, `tests/…`, `scripts/…`, `lint/…`, `docs/…` in code marks; a star or a brace names several. */
const PATHS = /`((?:src|tests|scripts|lint|docs)\/[\w./-]*\w\/?)`/g;
/** Links to files, without a place inside them. */
const LINKS = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g;
const COMMANDS = /`(?:npm run facet -- |facet )([a-z]+)/g;

const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] as string)),
];

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names files and documents that are there', () => {
    const named = found(text, PATHS).map((path) => join(root, path));
    const linked = found(text, LINKS).map((path) => join(root, dirname(document), path));
    const missing = [...named, ...linked].filter((path) => !existsSync(path));
    expect(missing.map((path) => relative(root, path))).toEqual([]);
  });

  it('names commands that the shell has', () => {
    const known = new Set(createProgram().commands.map((command) => command.name()));
    expect(found(text, COMMANDS).filter((name) => !known.has(name))).toEqual([]);
  });
});
