import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { Writer } from './Writer.ts';

test('turns of a long task are short while somebody else writes or waits', async () => {
  const writer = new Writer();
  const release = await writer.hold();
  const alone = writer.sharedTurnMs();
  const waiting = writer.hold();
  expect(writer.sharedTurnMs()).toBeLessThan(alone);
  release();
  (await waiting)();
  expect(writer.sharedTurnMs()).toBe(alone);
  await writer.write(() => undefined);
  expect(writer.sharedTurnMs()).toBeLessThan(alone);
});

function twoConnections() {
  const folder = mkdtempSync(join(tmpdir(), 'facet-writer-'));
  const open = () => new Sqlite(join(folder, 'a.db'), { timeout: 5000 });
  const [own, task] = [open(), open()];
  own.exec('PRAGMA journal_mode = WAL; CREATE TABLE said (what TEXT) STRICT');
  onTestFinished(() => {
    own.close();
    task.close();
    rmSync(folder, { recursive: true });
  });
  const say = (what: string) => own.prepare('INSERT INTO said VALUES (?)').run(what);
  const said = () => own.prepare('SELECT what FROM said ORDER BY rowid').pluck().all();
  return { own, task, say, said };
}

test('a verdict goes ahead of a task that has the turn and writes nothing just now', async () => {
  const { own, task, say, said } = twoConnections();
  const writer = new Writer();
  const release = await writer.lend();
  await writer.writeSoon(own, () => say('at once'));
  expect(said()).toEqual(['at once']);

  task.exec("BEGIN IMMEDIATE; INSERT INTO said VALUES ('the task')");
  let runs = 0;
  const later = writer.writeSoon(own, () => {
    runs += 1;
    say('in turn');
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(0);
  task.exec('COMMIT');
  release();
  await later;
  expect(runs).toBe(1);
  expect(said()).toEqual(['at once', 'the task', 'in turn']);
  expect(own.pragma('busy_timeout', { simple: true })).toBe(5000);
});

test('a verdict stays behind what was asked for before it', async () => {
  const { own, say, said } = twoConnections();
  const writer = new Writer();
  const release = await writer.lend();
  const before = writer.write(() => say('asked first'));
  const after = writer.writeSoon(own, () => say('asked second'));
  release();
  await Promise.all([before, after]);
  expect(said()).toEqual(['asked first', 'asked second']);
});

test('a verdict waits for a turn that is not lent, and what fails in it is taken back and not tried again', async () => {
  const { own, say, said } = twoConnections();
  const writer = new Writer();
  const release = await writer.hold();
  const waits = writer.writeSoon(own, () => say('after'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(said()).toEqual([]);
  release();
  await waits;

  const giveBack = await writer.lend();
  let runs = 0;
  const failing = writer.writeSoon(own, () => {
    runs += 1;
    say('no');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  giveBack();
  expect(runs).toBe(1);
  expect(said()).toEqual(['after']);
  writer.refuse({ code: 'x', message: 'damaged' });
  await expect(writer.writeSoon(own, () => say('no'))).rejects.toThrow('damaged');
});

test('a verdict whose log cannot be brought to the disk is not acknowledged; SQLite syncs every other commit itself', async () => {
  const { own, say, said } = twoConnections();
  own.pragma('synchronous = FULL');
  const writer = new Writer();
  await writer.writeSoon(own, () => say('on the disk'));
  expect(own.pragma('synchronous', { simple: true })).toBe(2);
  unlinkSync(`${own.name}-wal`);
  await expect(writer.writeSoon(own, () => say('in memory alone'))).rejects.toMatchObject({
    failure: { where: { file: `${own.name}-wal` } },
  });
  expect(own.pragma('synchronous', { simple: true })).toBe(2);
  expect(said()).toEqual(['on the disk', 'in memory alone']);
});
