import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { toFailure } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { createDatabase, openDatabase } from './database.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations/index.ts';
import { lockProject } from './projectLock.ts';
import { temporaryFolder } from './testProject.ts';

const noPipes = process.platform === 'win32' ? 'Windows has no named pipes in folders' : null;
const readsAll = process.getuid?.() === 0 ? 'root may write every file' : null;

async function failureOf(action: () => unknown) {
  try {
    await action();
  } catch (error) {
    return toFailure(error);
  }
  throw new Error('did not fail');
}

const schemaOf = (database: Sqlite.Database) =>
  database
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();

describe('a project file', () => {
  it('is durable, checked and ours from the first moment', async () => {
    const database = createDatabase(join(temporaryFolder(), 'a.facet'));
    const pragma = (name: string) => database.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('recursive_triggers')).toBe(1);
    expect(pragma('busy_timeout')).toBe(5000);
    expect(pragma('user_version')).toBe(SCHEMA_VERSION);
    database.close();
  });

  it('keeps the same settings when it is opened again', async () => {
    const path = join(temporaryFolder(), 'a.facet');
    createDatabase(path).close();
    const database = await openDatabase(path);
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    database.close();
  });

  it('reaches the same schema from every earlier version', async () => {
    const fresh = createDatabase(join(temporaryFolder(), 'fresh.facet'));
    for (let version = 1; version < SCHEMA_VERSION; version++) {
      const path = join(temporaryFolder(), 'old.facet');
      const old = new Sqlite(path);
      migrate(old, version);
      expect(schemaVersion(old)).toBe(version);
      old.close();
      const database = await openDatabase(path);
      expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
      expect(schemaOf(database)).toEqual(schemaOf(fresh));
      database.close();
    }
    fresh.close();
  });

  it('refuses a path that is taken and leaves it as it is', async () => {
    const path = join(temporaryFolder(), 'taken.facet');
    writeFileSync(path, 'mine');
    expect(await failureOf(() => createDatabase(path))).toMatchObject({ code: 'project.exists' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('is not looked for in a named pipe', needing(noPipes), async () => {
    const pipe = join(temporaryFolder(), 'pipe.facet');
    execFileSync('mkfifo', [pipe]);
    expect(await failureOf(() => openDatabase(pipe))).toMatchObject({ code: 'project.not-a-project' });
  });

  it('says what is wrong with a file it cannot open, and does not touch it', async () => {
    const folder = temporaryFolder();
    const text = join(folder, 'text.facet');
    writeFileSync(text, 'this is not a database, however long it may become over the years to come');
    expect(await failureOf(() => openDatabase(text))).toMatchObject({ code: 'project.not-a-project' });

    const foreign = join(folder, 'foreign.sqlite');
    new Sqlite(foreign).exec('CREATE TABLE t (x)').close();
    const before = readFileSync(foreign);
    expect(await failureOf(() => openDatabase(foreign))).toMatchObject({ code: 'project.not-a-project' });
    expect(readFileSync(foreign).equals(before)).toBe(true);

    const newer = join(folder, 'newer.facet');
    createDatabase(newer).close();
    const raw = new Sqlite(newer);
    raw.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    raw.close();
    const failure = await failureOf(() => openDatabase(newer));
    expect(failure).toMatchObject({ code: 'project.newer-version', where: { file: newer } });
    expect(failure.fix).toContain('Update');

    const missing = join(folder, 'missing.facet');
    expect(await failureOf(() => openDatabase(missing))).toMatchObject({ code: 'project.not-found' });
    expect(existsSync(missing)).toBe(false);
  });

  it('says that a folder is no project', async () => {
    expect(await failureOf(() => openDatabase(temporaryFolder()))).toMatchObject({
      code: 'project.cannot-open',
    });
  });

  it('refuses a file that it may only read', needing(readsAll), async () => {
    const path = join(temporaryFolder(), 'read.facet');
    createDatabase(path).close();
    chmodSync(path, 0o444);
    expect(await failureOf(() => openDatabase(path))).toMatchObject({ code: 'project.read-only' });
  });

  it('is locked for everyone else while it is open', async () => {
    const path = join(temporaryFolder(), 'a.facet');
    const release = lockProject(path);
    expect(await failureOf(() => lockProject(path))).toMatchObject({ code: 'project.in-use' });
    release();
    lockProject(path)();
  });
});
