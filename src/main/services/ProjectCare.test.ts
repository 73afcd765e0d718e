import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Facet } from '../app.ts';
import { type Backup, outdated } from '../data/backup.ts';
import { damagePagesWith } from '../data/testDamage.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { Connection } from './Connection.ts';
import { isBackupDue } from './ProjectCare.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** A closed project of pairs whose replies have `length` characters. */
async function closedProject(pairs: number, length: number): Promise<{ facet: Facet; path: string }> {
  const { facet, path, folder } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const row = (number: number) =>
    JSON.stringify({
      prompt: `Q${number}`,
      chosen: `${number} yes `.repeat(length / 8),
      rejected: `${number} no`,
    });
  writeFileSync(file, Array.from({ length: pairs }, (_, index) => row(index)).join('\n'));
  await importAll(facet, file);
  await (await labelAs(facet)).decide({ pairId: 1, verdict: 'a' });
  await facet.services.project.close();
  return { facet, path };
}

describe('a damaged project', () => {
  it('opens to be read, takes no verdict, keeps the one that was given, and is as it was after a restore', async () => {
    const { facet, path } = await closedProject(200, 400);
    const { project } = facet.services;
    await project.open(path);
    expect(project.current()?.damage).toEqual([]);
    const backup = await project.backUp();
    await project.close();
    damagePagesWith(path, ' yes ');

    const opened = await project.open(path);
    expect(opened.damage).not.toEqual([]);
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    await expect(client.annotate.identify({ name: 'New' })).rejects.toMatchObject({
      data: { code: 'project.damaged', fix: expect.stringContaining('backup') },
    });
    expect((await client.project.checked())?.damage).toEqual(opened.damage);
    expect((await client.project.backups({ path: null })).backups).toMatchObject([backup]);

    const restored = await client.project.restore({ path: null, backup: backup.name });
    expect(restored).toMatchObject({ damage: [], counts: { pairs: 200, labelled: 1 } });
    await (await labelAs(facet)).decide({ pairId: 2, verdict: 'b' });
    const { backups } = project.backups(null);
    expect(backups.map(({ kind }) => kind).sort()).toEqual(['replaced', 'scheduled']);
    await expect(
      client.project.restore({
        path: null,
        backup: backups.find(({ kind }) => kind === 'replaced')?.name ?? '',
      }),
    ).rejects.toMatchObject({ data: { code: 'project.damaged' } });
    await expect(client.project.restore({ path: null, backup: '../x' })).rejects.toMatchObject({
      data: { code: 'project.unknown-backup' },
    });
  });

  it('that is large is found out while it is open', async () => {
    const { facet, path } = await closedProject(12, 600_000);
    damagePagesWith(path, ' yes ');
    const { project } = facet.services;
    expect((await project.open(path)).damage).toEqual([]);
    expect((await project.checked())?.damage).not.toEqual([]);
    await expect((await labelAs(facet)).decide({ pairId: 2, verdict: 'a' })).rejects.toMatchObject({
      failure: { code: 'project.damaged' },
    });
  });

  it('that cannot be opened at all is restored by its path', async () => {
    const { facet, path } = await closedProject(20, 80);
    const { project } = facet.services;
    await project.open(path);
    const { name } = await project.backUp();
    await project.close();
    writeFileSync(path, 'not a database any more, whatever it was before, and long enough to be told apart');
    await expect(project.open(path)).rejects.toMatchObject({ failure: { code: 'project.not-a-project' } });
    expect(project.backups(path).backups).toMatchObject([{ kind: 'scheduled', name }]);
    expect(await project.restore(path, name)).toMatchObject({ counts: { pairs: 20, labelled: 1 } });
    const aside = readdirSync(dirname(path)).filter((file) => file.includes('.replaced.'));
    expect(aside).toHaveLength(1);
  });
});

describe('a backup', () => {
  it('is whole, is made beside what is going on, and is not there where it could not be made', async () => {
    const { facet, path } = await closedProject(20, 80);
    const { project } = facet.services;
    await project.open(path);
    const ada = await labelAs(facet);
    const [made] = await Promise.all([project.backUp(), ada.decide({ pairId: 3, verdict: 'tie' })]);
    const copy = join(`${path}.files`, 'backups', made.name);
    expect(readdirSync(dirname(copy))).toEqual([made.name]);
    const other = facetOver(join(dirname(path), 'other'));
    onTestFinished(() => other.dispose());
    expect(await other.services.project.open(copy)).toMatchObject({ damage: [], counts: { pairs: 20 } });
    expect(existsSync(`${copy}.partial`)).toBe(false);
  });

  it.each([
    ['none was made yet', { bytes: 1, changedMs: 0, lastMs: null }, true],
    ['nothing has changed since', { bytes: 1, changedMs: 5, lastMs: 10 }, false],
    ['the last is an hour old', { bytes: 1, changedMs: 20, lastMs: 10 }, true],
    ['the last is younger', { bytes: 1, changedMs: 20 + HOUR, lastMs: HOUR / 2 }, false],
    ['it is large and the last an hour old', { bytes: 1e9, changedMs: 20, lastMs: 10 }, false],
    ['the clock was set back', { bytes: 1, changedMs: 3 * HOUR, lastMs: 2 * HOUR }, true],
  ])('is due where %s: %o → %s', (_, facts, due) => {
    expect(isBackupDue(facts, HOUR + 10)).toBe(due);
  });

  it('is kept by its age', () => {
    const now = Date.parse('2026-11-27T12:00:00.000Z');
    const made = (ago: number): Backup => ({
      kind: 'scheduled',
      path: `${ago / HOUR}`,
      at: new Date(now - ago).toISOString(),
      bytes: 1,
    });
    const hourly = Array.from({ length: 24 * 60 }, (_, index) => made(index * HOUR));
    const gone = new Set(outdated(hourly, new Date(now)));
    const kept = hourly.filter((backup) => !gone.has(backup)).map(({ path }) => Number(path));
    // The newest, then the newest of each slot: four hours, a day, a week.
    expect(kept[0]).toBe(0);
    expect(kept.filter((hours) => hours <= 24).length).toBe(7);
    expect(kept.filter((hours) => hours > 24 && hours <= 7 * 24).length).toBe(7);
    expect(kept.filter((hours) => hours > 7 * 24).length).toBe(5);
    expect(Math.max(...kept)).toBeLessThanOrEqual((35 * DAY) / HOUR);
    expect(outdated([made(400 * DAY)], new Date(now))).toEqual([]);
    const upgrade: Backup = { ...made(400 * DAY), kind: 'before-upgrade' };
    expect(outdated([...hourly, upgrade], new Date(now))).not.toContain(upgrade);
  });
});
