/** Files that somebody prepared: what SQLite would run by itself is found before anything is read. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { toFailure } from '#core/result.ts';
import { diagnose, repair } from '../services/doctor.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { openDatabase, requireProject } from './database.ts';
import { foreignPart } from './foreignSchema.ts';
import { migrate } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations/index.ts';
import { temporaryFolder } from './testProject.ts';

const ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id FROM n';

it.each([
  [
    'a view that never comes to an end in the place of one of ours',
    `DROP VIEW pairs; CREATE VIEW pairs AS ${ENDLESS}`,
    'pairs',
  ],
  [
    'a trigger that turns verdicts',
    "CREATE TRIGGER turned AFTER INSERT ON annotations BEGIN INSERT INTO annotators (name) VALUES ('x'); END",
    'turned',
  ],
])('refuses %s, at the present version and before', async (_, script, name) => {
  for (const version of [SCHEMA_VERSION, SCHEMA_VERSION - 1, 9]) {
    const path = join(temporaryFolder(), 'given.facet');
    const made = new Sqlite(path);
    migrate(made, version);
    expect(foreignPart(made)).toBeNull();
    made.exec(script);
    made.close();
    const failures = [
      await openDatabase(path).then(() => null, toFailure),
      (() => {
        try {
          return requireProject(path);
        } catch (error) {
          return toFailure(error);
        }
      })(),
    ];
    for (const failure of failures)
      expect(failure).toMatchObject({
        code: 'project.foreign-parts',
        message: expect.stringContaining(name),
      });
  }
});

it('lets the doctor copy its rows to a file of our own', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'given.facet');
  const facet = facetOver(folder);
  await facet.services.project.create({ path, name: 'Given' });
  const file = join(folder, 'pairs.jsonl');
  writeFileSync(file, '{"prompt": "Q", "chosen": "yes", "rejected": "no"}\n');
  await importAll(facet, file);
  await facet.services.project.close();
  const made = new Sqlite(path);
  made.exec(`DROP VIEW pairs; CREATE VIEW pairs AS ${ENDLESS}`);
  made.close();
  expect(diagnose(path).damage[0]).toContain('“pairs”');
  expect((await repair(path)).salvaged?.rows.stored_pairs).toBe(1);
  expect((await facet.services.project.open(path)).counts.pairs).toBe(1);
  await facet.dispose();
});
