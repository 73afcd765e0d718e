/** Labels by consensus, in an export and in what a run trains on: two careful people among five. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataExportSchema } from '#shared/dataEntities.ts';
import { connectReader } from '../data/database.ts';
import { labelledPairs } from '../data/trainingPairs.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { exported } from './testThreePeople.ts';

it('follows those whom the others bear out, and says how sure it is', async () => {
  const { facet, folder, path } = await openFacet();
  const people = ['Ada', 'Bo', 'Cy', 'Dee', 'Eve'];
  // The careful two prefer good replies, the others by a lot of their own: all three are wrong of every eighth pair.
  const rows = Array.from({ length: 30 }, (_, item) =>
    people.map((annotator, place) => {
      const isGood = place < 2 || ((item >> (place - 2)) & 1) === 0;
      const replies = [`good ${item}`, `bad ${item}`];
      const [chosen, rejected] = isGood ? replies : replies.toReversed();
      return { id: `x${item}`, annotator, prompt: `Q${item}`, chosen, rejected };
    }),
  ).flat();
  const file = join(folder, 'pairs.jsonl');
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const read = async (labels: 'majority' | 'consensus') => {
    const out = join(folder, `${labels}.jsonl`);
    await exported(path, dataExportSchema.parse({ shape: 'trl', file: 'jsonl', out, labels }));
    return readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { chosen: { content: string }[]; label_probability?: number });
  };
  const good = (found: Awaited<ReturnType<typeof read>>) =>
    found.filter(({ chosen }) => chosen[0]?.content.startsWith('good')).length;
  const [most, consensus] = [await read('majority'), await read('consensus')];
  expect([most.length, good(most)]).toEqual([30, 27]);
  expect([consensus.length, good(consensus)]).toEqual([30, 30]);
  expect(most[0]).not.toHaveProperty('label_probability');
  for (const { label_probability } of consensus) expect(label_probability).toBeGreaterThan(0.9);

  const database = connectReader(path);
  const texts = database.prepare<[number], { a: string; b: string }>(
    `SELECT a.text AS a, b.text AS b FROM pairs JOIN responses AS a ON a.id = a_id
     JOIN responses AS b ON b.id = b_id WHERE pairs.id = ?`,
  );
  const trained = labelledPairs(database, { labels: 'consensus', sourceIds: null });
  expect(trained).toHaveLength(30);
  for (const { pairId, preferred } of trained) expect(texts.get(pairId)?.[preferred]).toMatch(/^good/);
  database.close();
});
