/** Disks that can't be written to, and disks that answer late: what is said, what works all the same, and that nothing is lost. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { onSmallDisk, withoutDisks } from '#disk/testLimit.ts';
import { needing } from '#disk/testNeeds.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const program = join(fixtures, 'oddDisks.ts');
const node = ['--disable-warning=ExperimentalWarning', program];

function places(): { disk: string; beside: string; folder: string } {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'facet-odd-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [disk, beside] = [join(folder, 'disk'), join(folder, 'beside')];
  mkdirSync(disk);
  mkdirSync(beside);
  return { disk, beside, folder };
}

it(
  'a read-only disk is said to be, is read from, and holds its project as it was',
  needing(withoutDisks),
  async () => {
    const { disk, beside } = places();
    const found = await onSmallDisk(
      disk,
      32_768,
      `const { execFileSync } = await import('node:child_process');
    const args = ${JSON.stringify([...node, 'read-only', disk, beside])};
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));`,
    );
    const permission = expect.stringContaining('permission');
    expect(found).toMatchObject({
      failures: {
        open: { code: 'project.read-only', message: expect.stringContaining('p.facet'), fix: permission },
        create: { code: 'project.read-only', fix: permission },
        export: { code: 'disk.not-allowed', message: expect.stringContaining('read-only'), fix: permission },
      },
      imported: 5,
      // Neither locks nor unfinished files.
      added: [],
      counts: { pairs: 5, labelled: 1 },
      standing: [
        [2, 'tie'],
        [3, 'a'],
      ],
      damage: [],
    });
  },
);

const withoutShim =
  process.platform === 'linux' && spawnSync('cc', ['--version']).error === undefined
    ? null
    : 'a slow disk is played by a C library, for which there is no compiler here';

it('a disk that answers late loses nothing, and is opened once', needing(withoutShim), async () => {
  const { disk, beside, folder } = places();
  const library = join(folder, 'slow.so');
  const args = ['-shared', '-fPIC', '-o', library, join(fixtures, 'slowDisk.c'), '-ldl'];
  const { status, stderr } = spawnSync('cc', args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const { stdout } = await promisify(execFile)(process.execPath, [...node, 'slow', disk, beside], {
    env: {
      ...process.env,
      ...{ LD_PRELOAD: library, FACET_SLOW_FOLDER: disk, FACET_SLOW_SYNC: '80000', FACET_SLOW_WRITE: '2000' },
    },
  });
  const found = JSON.parse(stdout) as { syncMs: number };
  expect(found.syncMs).toBeGreaterThanOrEqual(80);
  expect(found).toMatchObject({
    ...{ imported: 300, backups: 1, found: [], damage: [] },
    twice: { code: 'project.in-use' },
    counts: { pairs: 300, labelled: 2 },
    standing: [
      [1, 'a'],
      [2, 'tie'],
    ],
  });
});
