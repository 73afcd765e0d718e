/** A full disk, at everything that writes: each says so, nothing that was saved is touched, and all of it works again after. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { onSmallDisk, withoutDisks } from '#disk/testLimit.ts';
import { needing } from '#disk/testNeeds.ts';

const program = join(import.meta.dirname, '..', 'fixtures', 'fullDisk.ts');

it('is said wherever something is written, and loses nothing', needing(withoutDisks), async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-full-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [disk, beside] = [join(folder, 'disk'), join(folder, 'beside')];
  mkdirSync(disk);
  mkdirSync(beside);
  const found = (await onSmallDisk(
    disk,
    8192,
    `const { execFileSync } = await import('node:child_process');
    const args = ${JSON.stringify([program, disk, beside])};
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));`,
  )) as { failures: Record<string, { code: string; message: string; fix: string }> };
  const codes = Object.entries(found.failures).map(([name, failure]) => [name, failure?.code]);
  expect(Object.fromEntries(codes)).toEqual({
    verdict: 'annotate.not-saved',
    settings: 'disk.full',
    import: 'disk.full',
    backup: 'project.no-room-for-backup',
    export: 'disk.full',
    'another project': 'disk.full',
  });
  for (const [name, { message, fix }] of Object.entries(found.failures)) {
    expect(message, name).toMatch(/full|no room/);
    expect(fix, name).toMatch(/space|disk/);
  }
  expect(found).toMatchObject({
    // Nothing half written beside the project, then nor later.
    added: [],
    left: ['p.facet', 'user'],
    damage: [],
    // What was acknowledged, and what was decided once there was room.
    standing: [
      [1, 'a'],
      [3, 'tie'],
    ],
    imported: 2000,
    pairs: 2040,
  });
});
