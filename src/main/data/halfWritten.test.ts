/** A file that was killed in the midst of a change before SQLite's log was on: its journal is beside it, and must be played back. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { diagnose } from '../services/doctor.ts';
import { facetOver } from '../testFacet.ts';
import { temporaryFolder } from './testProject.ts';

const fixture = resolve(import.meta.dirname, '../../../tests/fixtures/projects/schema-12.facet.gz');

/** An older project whose upgrade was killed when pages of it had reached the disk. */
function halfUpgraded(folder: string): string {
  const path = join(folder, 'old.facet');
  writeFileSync(path, gunzipSync(readFileSync(fixture)));
  const program = `
    const database = new (require('better-sqlite3'))(${JSON.stringify(path)});
    database.pragma('journal_mode = DELETE');
    database.pragma('cache_size = 1');
    database.exec('BEGIN IMMEDIATE; CREATE TABLE spilled (x)');
    const put = database.prepare('INSERT INTO spilled VALUES (zeroblob(5000))');
    for (let row = 0; row < 200; row += 1) put.run();
    database.exec("UPDATE annotators SET name = name || ' the other'");
    process.kill(process.pid, 'SIGKILL');`;
  const { signal, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(signal, stderr).toBe('SIGKILL');
  expect(existsSync(`${path}-journal`)).toBe(true);
  // What a reader alone can't open.
  const reader = new Sqlite(path, { readonly: true });
  expect(() => reader.pragma('user_version')).toThrow('readonly');
  reader.close();
  return path;
}

it('opens as it was before, and is upgraded then', async () => {
  const folder = temporaryFolder();
  const facet = facetOver(folder);
  const { counts } = await facet.services.project.open(halfUpgraded(folder));
  expect(counts.pairs).toBe(12);
  expect(facet.services.people.list().filter(({ name }) => name.endsWith('the other'))).toEqual([]);
  await facet.dispose();
});

it('is looked at by the doctor', () => {
  expect(diagnose(halfUpgraded(temporaryFolder())).damage).toEqual([]);
});
