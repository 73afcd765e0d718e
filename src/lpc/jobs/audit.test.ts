import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditedLabel, AuditJob } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { QUICK_RUN } from '#core/presets.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { mean } from '#core/statistics.ts';
import { readJsonLines, writeJsonLines } from '#disk/lines.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { politePairs, SHORT_RUN, temporaryRoot } from '../train/testRun.ts';
import { auditJob } from './audit.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const turned = (pair: PreferencePair): PreferencePair => ({
  ...pair,
  chosen: pair.rejected,
  rejected: pair.chosen,
});

const audit = async (name: string, given: readonly PreferencePair[], limit: number) => {
  const datasetPath = join(root, `${name}.pairs.jsonl`);
  await writeJsonLines(datasetPath, given);
  const job: AuditJob = {
    kind: 'audit',
    config: { ...SHORT_RUN, latent: { ...QUICK_RUN.latent, codes: 2 } as LatentConfig },
    modelDir: storiesDir,
    datasetPath,
    runDir: join(root, name),
    cacheDir: join(root, 'cache'),
    folds: 5,
    outputPath: join(root, `${name}.jsonl`),
    limit,
  };
  const notes: string[] = [];
  const reading = auditJob(job, new AbortController().signal);
  let next = await reading.next();
  for (; !next.done; next = await reading.next())
    if (next.value.type === 'phase' && next.value.note) notes.push(next.value.note);
  const rows: AuditedLabel[] = [];
  for await (const row of readJsonLines(job.outputPath, (value) => value as AuditedLabel)) rows.push(row);
  return { notes, rows, result: next.value };
};

it(
  'ranks labels that were turned round before others, and reads features once for labels of any kind',
  needing(storiesMissing),
  async () => {
    const pairs = politePairs(120);
    const isWrong = (row: number) => row % 10 === 0;
    const first = await audit(
      'first',
      pairs.map((pair, row) => (isWrong(row) ? turned(pair) : pair)),
      120,
    );
    expect(first.result).toMatchObject({ pairs: 120, leftOut: 0, folds: 5 });
    const placeOf = new Map(first.rows.map(({ pairId }, place) => [pairId, place]));
    const places = pairs.map(({ id }) => placeOf.get(id) as number);
    expect(mean(places.filter((_, row) => isWrong(row)))).toBeLessThan(45);
    const asGiven = await audit('as given', pairs, 30);
    expect(asGiven.rows).toHaveLength(30);
    expect(asGiven.notes.join('\n')).toContain('Read the features of the replies of 120 pairs');
    expect(asGiven.result.contradicted).toBeLessThan(first.result.contradicted);
  },
);

it('refuses labels of too few prompts', needing(storiesMissing), async () => {
  await expect(audit('few', politePairs(8), 10)).rejects.toMatchObject({
    failure: { code: 'audit.too-few-prompts' },
  });
});
