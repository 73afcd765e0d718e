/** Projects that lost every row of a table, as one that was saved around damaged pages or killed while it was made. */
import { closeSync, cpSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Connection } from '../services/Connection.ts';
import { diagnose, repair } from '../services/doctor.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { STARTING_GUIDELINES } from './guidelineTable.ts';
import { temporaryFolder } from './testProject.ts';

const row = (name: string): string =>
  `${JSON.stringify({ prompt: `Q ${name}`, chosen: `yes ${name}`, rejected: `no ${name}` })}\n`;

/** A project of three pairs, one of them labelled. */
async function made(): Promise<{ path: string; folder: string }> {
  const { facet, path, folder } = await openFacet();
  writeFileSync(join(folder, 'pairs.jsonl'), ['1', '2', '3'].map(row).join(''));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  await (await labelAs(facet)).decide({ pairId: 1, verdict: 'tie' });
  await facet.dispose();
  return { path, folder };
}

function emptied(path: string, tables: readonly string[]): void {
  const database = new Sqlite(path);
  database.pragma('foreign_keys = OFF');
  const triggers = database
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
  for (const table of tables) database.exec(`DELETE FROM "${table}"`);
  for (const { sql } of triggers) database.exec(sql);
  database.close();
}

/** Tables that have rows. */
const tablesOf = (path: string): string[] => {
  const database = new Sqlite(path, { readonly: true });
  const names = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  const filled = names.filter(
    (name) => database.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() !== undefined,
  );
  database.close();
  return filled;
};

it('opens and takes pairs, whichever table lost its rows, and says whatever it can’t in words', async () => {
  const { path: whole, folder } = await made();
  const tables = tablesOf(whole);
  expect(tables.length).toBeGreaterThan(12);
  for (const table of tables) {
    const path = join(folder, `without ${table}.facet`);
    cpSync(whole, path);
    emptied(path, [table]);
    const facet = facetOver(folder);
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const opened = await client.project.open({ path });
    expect(opened.damage, table).toEqual([]);
    await client.library.rows({ offset: 0, limit: 5 });
    await client.runs.list();
    writeFileSync(join(folder, 'more.jsonl'), row(`of ${table}`));
    expect(await importAll(facet, join(folder, 'more.jsonl')), table).toMatchObject({ imported: 1 });
    const labelling = labelAs(facet).then(async (ada) => {
      await ada.decide({ pairId: 4, verdict: 'a' });
      await ada.undo();
    });
    const failure = await labelling.then(
      () => null,
      (error: { failure?: { code: string } }) => error.failure?.code ?? `no code: ${String(error)}`,
    );
    expect([null, 'annotate.unknown-pair', 'annotate.not-saved'], `${table}: ${failure}`).toContain(failure);
    await facet.dispose();
  }
});

it('has guidelines, settings and marks again, as a new one has them', async () => {
  const { path, folder } = await made();
  emptied(path, ['settings', 'guideline_versions', 'guideline_readers', 'marks', 'visible']);
  const facet = facetOver(folder);
  const project = await facet.services.project.open(path);
  expect(project).toMatchObject({
    name: 'test',
    settings: { guidelines: STARTING_GUIDELINES, blind: true },
    counts: { pairs: 3, prompts: 3, labelled: 1 },
  });
  await facet.dispose();
});

it('is saved by the doctor with them where their pages are lost', async () => {
  const { path } = await made();
  const database = new Sqlite(path);
  const pageBytes = database.pragma('page_size', { simple: true }) as number;
  const pages = database
    .prepare<[], number>(
      "SELECT rootpage FROM sqlite_schema WHERE name IN ('settings', 'guideline_versions')",
    )
    .pluck()
    .all();
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const file = openSync(path, 'r+');
  for (const page of pages)
    writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, (page - 1) * pageBytes);
  closeSync(file);
  expect(diagnose(path).damage).not.toEqual([]);
  const reading = facetOver(temporaryFolder());
  const client = createRouterClient(reading.router, { context: { connection: new Connection() } });
  await expect(client.project.open({ path })).rejects.toMatchObject({
    data: { code: 'project.damaged', fix: expect.stringContaining('--repair') },
  });
  await reading.dispose();
  await repair(path);
  const facet = facetOver(temporaryFolder());
  expect(await facet.services.project.open(path)).toMatchObject({
    name: 'test',
    damage: [],
    settings: { guidelines: STARTING_GUIDELINES },
    counts: { pairs: 3, labelled: 1 },
  });
  await facet.dispose();
});
