import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditJob } from '#core/jobs.ts';
import { ok } from '#core/result.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { openCellStore } from './cellStore.ts';
import { designOf } from './designs/index.ts';
import { auditCells } from './report/auditsTable.ts';
import { runAudits, summariseAudits } from './runAudits.ts';
import { inputOver, somePairs } from './testPairs.ts';

test('exactly a tenth of the labels is turned round, by the seed, and what is found of them is counted', async () => {
  const folder = temporaryFolder();
  const modelDir = temporaryFolder();
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const pairs = somePairs(40);
  const audits = designOf('flip-injection').audits?.(inputOver(pairs, [1, 2], modelDir)) ?? [];
  expect(audits.map(({ method, seed }) => `${method} ${seed}`)).toEqual([
    'codes 1',
    'one direction 1',
    'codes 2',
    'one direction 2',
  ]);
  for (const { pairs: given, flipped } of audits) {
    expect(flipped.size).toBe(4);
    for (const [place, pair] of given.entries())
      expect(pair.chosen).toBe(flipped.has(pair.id) ? pairs[place]?.rejected : pairs[place]?.chosen);
  }
  let jobs = 0;
  const compute = {
    // Three of the four wrong labels come first, then the others; two labels are contradicted.
    run: async (given: unknown) => {
      const job = given as AuditJob;
      const { flipped } = audits[jobs++]!;
      const [missed, ...found] = [...flipped];
      const rest = pairs.map(({ id }) => id).filter((id) => !flipped.has(id));
      const ranked = [...found, ...rest, missed];
      await writeJsonLines(
        job.outputPath,
        ranked.map((pairId, place) => ({ pairId, margin: place - 1.5 })),
      );
      return ok({ pairs: 40, leftOut: 0, folds: 5, contradicted: 2, outputPath: job.outputPath } as never);
    },
    dispose: async () => undefined,
  };
  const options = {
    compute,
    store: openCellStore(folder),
    folder,
    codeFingerprint: 'code',
    stop: new AbortController().signal,
    note: () => undefined,
  };
  expect(await runAudits(audits, { ...options, storedOnly: true })).toEqual([]);
  const made = await runAudits(audits, options);
  // Of 40 labels 5 % are two and 10 % are four; of four wrong ones two are contradicted, of the others none.
  expect(made[0]).toMatchObject({ pairs: 40, wrong: 4, found: [2, 3], accuracy: 38 / 40 });
  const [codes] = summariseAudits(made);
  expect(codes).toMatchObject({ method: 'codes', seeds: [1, 2], wrong: 8, accuracy: 38 / 40 });
  expect(codes?.recall.map(({ share }) => share)).toEqual([4 / 8, 6 / 8]);
  // Wilson's interval of 6 in 8, by hand: (0.409, 0.929).
  expect(auditCells(codes!)[3]).toBe('0.750 (0.409–0.929)');
  expect(await runAudits(audits, options)).toEqual(made);
  expect(jobs).toBe(4);
});
