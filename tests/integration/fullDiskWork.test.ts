/** A disk that fills in the midst of long work: what happened is said, with the place and what to do, and it goes on once there is room. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onSmallDisk, withoutDisks } from '#disk/testLimit.ts';
import { needing } from '#disk/testNeeds.ts';
import { TestHub } from '#main/hub/testHub.ts';

const program = join(import.meta.dirname, '..', 'fixtures', 'fullDiskWork.ts');

function played(scene: string, kibibytes: number, endpoint = ''): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-full-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  return onSmallDisk(
    disk,
    kibibytes,
    `const { execFileSync } = await import('node:child_process');
    const args = ${JSON.stringify(['--disable-warning=ExperimentalWarning', program, scene, disk, endpoint])};
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));`,
  );
}

describe('a full disk', needing(withoutDisks), () => {
  it('in an upgrade leaves the project as it was', async () => {
    expect(await played('upgrade', 8192)).toMatchObject({
      failure: {
        code: expect.stringMatching(/^(disk\.full|project\.no-room-for-backup)$/),
        message: expect.stringMatching(/full|no room/),
        fix: expect.stringMatching(/space/),
      },
      ...{ isUntouched: true, pairs: 12, damage: [] },
    });
  });

  it('in a restore leaves the project open and whole', async () => {
    expect(await played('restore', 8192)).toMatchObject({
      failure: { code: 'disk.full', fix: expect.stringContaining('space') },
      ...{ isOpen: true, added: [], kept: ['a'], damage: [] },
      after: [],
    });
  });

  it('at a checkpoint ends the run with a reason, and the run goes on', async () => {
    expect(await played('checkpoint', 24_576)).toMatchObject({
      state: 'failed',
      failure: {
        code: 'disk.full',
        message: expect.stringContaining('full'),
        fix: expect.stringContaining('space'),
      },
      ...{ isStored: true, again: 'finished', step: 8, damage: [] },
    });
  });

  it('in a download leaves no file that is not whole, and what came is used', async () => {
    const weights = Buffer.from(Array.from({ length: 3 * 1024 ** 2 }, (_, index) => (index * 7919) & 0xff));
    const hub = await new TestHub('acme/tiny', {
      'config.json': Buffer.from('{}'),
      'tokenizer.json': Buffer.from('{}'),
      'model.safetensors': weights,
    }).start();
    expect(await played('download', 3600, hub.endpoint)).toMatchObject({
      failure: { code: 'hub.no-space', fix: expect.stringContaining('space') },
      ...{ isWhole: false, again: 'done' },
      files: ['config.json', 'model.safetensors', 'tokenizer.json'],
    });
  });
});
