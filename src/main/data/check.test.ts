import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { damageIn, findDamage } from './check.ts';
import { connectReader, createDatabase } from './database.ts';
import { addPairs, newPair, temporaryFolder } from './testProject.ts';
import { foldLog } from './transaction.ts';

const PAGE = 4096;

function project(pairs = 400): string {
  const path = join(temporaryFolder(), 'a.facet');
  const database = createDatabase(path);
  addPairs(
    database,
    Array.from({ length: pairs }, (_, index) =>
      newPair(index + 1, { chosen: `Kindly ${index} `.repeat(40) }),
    ),
  );
  foldLog(database);
  database.close();
  return path;
}

function overwrite(path: string, page: number, byte: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE, byte), 0, PAGE, page * PAGE);
  closeSync(file);
}

function damageOf(path: string, deep = false): string[] {
  if (!deep) return damageIn(path);
  const database = connectReader(path);
  onTestFinished(() => void database.close());
  return findDamage(database, true);
}

describe('a project file', () => {
  it.each([false, true])('that is sound has no damage (deep: %s)', (deep) => {
    expect(damageOf(project(), deep)).toEqual([]);
  });

  it('with any page of its tables overwritten has', () => {
    const path = project();
    const sound = readFileSync(path);
    const pages = sound.length / PAGE;
    // The first page is the header: without it the file is no database at all.
    for (let page = 1; page < pages; page += 7) {
      overwrite(path, page, 0xa5);
      expect(damageOf(path), `page ${page} of ${pages}`).not.toEqual([]);
      writeFileSync(path, sound);
    }
  });
});
