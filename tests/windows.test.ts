/** What would fail on Windows and can be seen here: calls and places that only POSIX has stand where they are meant to. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src/*.ts', 'src/*.tsx'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((path) => !/\.test\.tsx?$|\/(test|fake)[A-Z]/.test(path));

/** What it is, how it is recognised, and where it may stand: modules that ask for the platform first, or say why it does no harm. */
const POSIX_ONLY: readonly [string, RegExp, readonly string[]][] = [
  ['users and groups', /process\.(get|set)e?[ug]id|process\.umask/, []],
  ['rights and owners', /\b(l?chmod|l?chown)(Sync)?\(/, []],
  ['links', /\b(symlink|link)Sync\(/, []],
  ['signals that Windows has not', /['"]SIG(USR1|USR2|QUIT|STOP|CONT|PIPE|ALRM|CHLD)['"]/, []],
  ['groups of processes', /process\.kill\(-|detached: true/, []],
  [
    'places of Linux',
    /['"`]\/(proc|tmp|dev|etc|usr|bin|run|var)\//,
    [
      // Without it there is no such card, or no figure.
      'src/compute/engines/graphicsCards.ts',
      'src/worker/bench/softwareWebgpu.ts',
      'src/worker/bench/memoryCase.ts',
      'src/main/bench/data.ts',
      'src/main/bench/soak/memoryTrend.ts',
    ],
  ],
  // Windows has no such flag, and no file that it is for.
  ['flags of open', /\bO_(NONBLOCK|NOFOLLOW|DIRECTORY|SYNC)\b/, ['src/disk/openFile.ts']],
  // Of a URL or of what a repository or an archive holds.
  [
    'paths cut at a slash',
    /\b(path|file|folder|place)\w*\.(split\(['"]\/['"]\)|lastIndexOf\(['"]\/['"]\))/i,
    ['src/main/hub/planFiles.ts', 'src/renderer/features/models/hubWords.ts'],
  ],
  ['programs of the system', /\b(spawn|spawnSync|execFile|execFileSync|execSync)\(['"`]/, []],
];

it.each(POSIX_ONLY)('%s', (_, pattern, allowed) => {
  const found = sources.filter((path) => pattern.test(readFileSync(join(root, path), 'utf8')));
  expect(found.filter((path) => !allowed.includes(path))).toEqual([]);
  // A place that no longer has it is no exception any more.
  expect(allowed.filter((path) => !found.includes(path))).toEqual([]);
});

it('syncs a folder only where a folder can be opened', () => {
  for (const path of ['src/disk/writeFile.ts', 'src/disk/smallFile.ts'])
    expect(readFileSync(join(root, path), 'utf8')).toContain("if (process.platform === 'win32') return;");
});
