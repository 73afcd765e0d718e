import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { diagnose, repair } from '../services/doctor.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { changedTexts } from './changedTexts.ts';
import { damageIn, findDamage } from './check.ts';
import { connectReader } from './database.ts';
import { SCHEMA_VERSION } from './migrations/index.ts';
import { temporaryFolder } from './testProject.ts';

const fixtures = resolve(import.meta.dirname, '../../../tests/fixtures/projects');

function changedIn(path: string): number[] {
  const database = connectReader(path);
  try {
    return changedTexts(database);
  } finally {
    database.close();
  }
}

/** Two of the rows have the same texts under ids of their own, others tools, parts and an aspect. */
async function made(): Promise<string> {
  const { facet, path, folder } = await openFacet();
  const rows = [
    { prompt: 'Where is my clock?', chosen: 'We are sorry for the wait.', rejected: 'Soon.' },
    { prompt: 'Same', chosen: 'Yes, gladly.', rejected: 'No.', id: 'x' },
    { prompt: 'Same', chosen: 'Yes, gladly.', rejected: 'No.', id: 'y' },
    { prompt: 'With aspect', chosen: 'A kind word.', rejected: 'None.', aspect: 'polite' },
    ...Array.from({ length: 40 }, (_, n) => ({ prompt: `Q${n}`, chosen: `é yes ${n}`, rejected: `no ${n}` })),
  ];
  writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, join(folder, 'rows.jsonl'));
  await facet.dispose();
  return path;
}

/** Changes a bit of the first byte of `text` in the file. */
function flip(path: string, text: string): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  if (at < 0) throw new Error(`${text} does not stand in the file`);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 2, at);
  writeFileSync(path, bytes);
}

it('tells of a single bit of a prompt or a reply, which no page of the file shows', async () => {
  const path = await made();
  const sound = readFileSync(path);
  expect(changedIn(path)).toEqual([]);
  for (const [text, pairs] of [
    ['We are sorry', [1]],
    ['Where is my', [1]],
    // Rows with the same texts have them in common.
    ['Yes, gladly', [2, 3]],
    ['é yes 39', [44]],
  ] as const) {
    flip(path, text);
    expect(damageIn(path), text).toEqual([]);
    expect(changedIn(path), text).toEqual(pairs);
    expect(diagnose(path).damage).toEqual(
      pairs.map((pair) => `the texts of pair ${pair} are not those that came in`),
    );
    writeFileSync(path, sound);
  }
  expect(diagnose(path).damage).toEqual([]);
});

it('is done with once the doctor has saved the file, which names the pairs', async () => {
  const path = await made();
  flip(path, 'We are sorry');
  const { salvaged } = await repair(path);
  expect(salvaged?.changed).toEqual([1]);
  expect(diagnose(path).damage).toEqual([]);
});

it('takes the projects of every earlier version for sound', async () => {
  for (let version = 1; version < SCHEMA_VERSION; version += 1) {
    const file = join(fixtures, `schema-${version}.facet.gz`);
    if (!existsSync(file)) continue;
    const folder = temporaryFolder();
    const path = join(folder, 'old.facet');
    writeFileSync(path, gunzipSync(readFileSync(file)));
    const facet = facetOver(folder);
    await facet.services.project.open(path);
    await facet.dispose();
    const database = connectReader(path);
    expect(findDamage(database, true), `schema ${version}`).toEqual([]);
    database.close();
    flip(path, 'My clock is late');
    // The preview beside the prompt may hold the same words first.
    const changed = changedIn(path);
    expect([[1], []], `schema ${version}`).toContainEqual(changed);
  }
});
