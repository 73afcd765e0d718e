import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import { agreementAskSchema } from '#shared/agreementEntities.ts';
import { connectReader } from '../data/database.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { projectAgreement } from './projectAgreement.ts';

async function labelled() {
  const opened = await openFacet();
  const file = join(opened.folder, 'pairs.jsonl');
  const rows = [1, 2, 3, 4].map((n) => ({
    ...{ prompt: `Q${n}`, chosen: `a much longer reply ${n}`, rejected: `short ${n}` },
    ...{ source: n < 4 ? 'one' : 'two', aspect: n === 1 ? 'tone' : 'facts' },
  }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await importAll(opened.facet, file);
  const [ada, bo, cy] = [
    await labelAs(opened.facet, 'Ada'),
    await labelAs(opened.facet, 'Bo'),
    await labelAs(opened.facet, 'Cy'),
  ] as const;
  const says = (
    person: typeof ada,
    pairId: number,
    verdict: 'a' | 'b' | 'tie' | 'skip',
    strength: number | null,
  ) =>
    person.decide({
      ...{ pairId, verdict, leftKey: 'a' },
      attributes: { ...NO_ATTRIBUTES, strength, aspects: { Honest: verdict === 'skip' ? 'na' : verdict } },
    });
  await says(ada, 1, 'a', 3);
  await says(bo, 1, 'a', 1);
  await says(cy, 1, 'b', 2);
  await says(ada, 2, 'b', 1);
  await says(bo, 2, 'b', 4);
  await says(ada, 3, 'tie', null);
  await says(bo, 3, 'skip', null);
  await says(ada, 4, 'a', 1);
  const database = connectReader(opened.path);
  try {
    return await projectAgreement(database, agreementAskSchema.parse({}), () => undefined);
  } finally {
    database.close();
  }
}

describe('agreement over a project', () => {
  it('counts by hand the same, overall and apart', async () => {
    const report = await labelled();
    expect(report.raters).toEqual(['Ada', 'Bo', 'Cy']);
    // a a b: one comparison of three is the same; b b: one of one. A skip is no label.
    expect(report.overall).toMatchObject({ items: 2, labels: 5, raw: { value: 0.5 } });
    // Nominal coincidences: o_aa = 1, o_ab = o_ba = 1, o_bb = 2 of n = 5, n_a = 2, n_b = 3: alpha = 1 − 4 · 2 / (2 · 2 · 3).
    expect(report.overall.alpha.value).toBeCloseTo(1 - (4 * 2) / 12, 12);
    expect(report.sources).toMatchObject([{ name: 'one', items: 2 }]);
    expect(report.aspects.map(({ name, items }) => [name, items])).toEqual([
      ['facts', 1],
      ['tone', 1],
    ]);
    // Pair 3 too: a tie and one that does not apply.
    expect(report.asked).toMatchObject([{ name: 'Honest', items: 3, labels: 7 }]);
    expect(report.couples.map(({ one, other, items, raw }) => [one, other, items, raw.value])).toEqual([
      ['Ada', 'Bo', 2, 1],
      ['Ada', 'Cy', 1, 0],
      ['Bo', 'Cy', 1, 0],
    ]);
    expect(report.codes).toBeNull();
  });

  it('says of each person how often left, how often longer, and how often like the others', async () => {
    const { people } = await labelled();
    const [ada, bo, cy] = people;
    expect(people.map(({ name, decided }) => [name, decided])).toEqual([
      ['Ada', 4],
      ['Bo', 2],
      ['Cy', 1],
    ]);
    expect(ada).toMatchObject({
      left: { count: 2, of: 3 },
      longer: { of: 3 },
      likeOthers: { count: 1, of: 1 },
    });
    expect(bo).toMatchObject({ left: { count: 1, of: 2 }, likeOthers: { count: 1, of: 1 } });
    // The others prefer a, twice.
    expect(cy).toMatchObject({ left: { count: 0, of: 1 }, likeOthers: { count: 0, of: 1 } });
    expect((ada?.longer.count ?? 0) + (cy?.longer.count ?? 0)).toBeGreaterThan(0);
  });
});
