import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool } from '../compute/workerPool.ts';
import { resourcesDir, rootDir, workerEntry } from '../environment.ts';
import { importAll, openFacet } from '../testFacet.ts';

/** Made by `resources/job/train.py` and `score.py` themselves: tests/fixtures/job/make.ts. */
const fixture = join(rootDir, 'tests', 'fixtures', 'job');

/** The project that made the job, its compute process a real one. */
async function projectOfTheJob() {
  const compute = createWorkerPool(() => startForkedWorker(workerEntry));
  const opened = await openFacet({ resourcesDir, compute });
  await importAll(opened.facet, join(fixture, 'pairs.jsonl'));
  await opened.facet.services.models.list();
  const record = join(fixture, 'record');
  const { id, promptIds } = JSON.parse(await readFile(join(record, 'record.json'), 'utf8')) as {
    id: string;
    promptIds: number[];
  };
  await cp(record, join(`${opened.path}.files`, 'jobs', id), { recursive: true });
  const scores = join(opened.folder, 'scores');
  await cp(join(fixture, 'scores'), scores, { recursive: true });
  const change = async (by: (seal: Record<string, unknown>) => void): Promise<void> => {
    const path = join(scores, 'scores.json');
    const seal = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    by(seal);
    await writeFile(path, JSON.stringify(seal));
  };
  return { ...opened, promptIds, scores, change, jobs: opened.facet.services.jobs };
}

const codeFor = (code: string) => ({ failure: expect.objectContaining({ code }) });

describe('scores of a job', () => {
  it('give its run the codes that the result itself gives', async () => {
    const { facet, jobs, scores, promptIds } = await projectOfTheJob();
    const run = await jobs.take(join(fixture, 'result.zip'));
    const shown = (promptId: number) => facet.services.codes.prompt({ runId: run.id, step: 6 }, promptId);
    const before = await Promise.all(promptIds.map(shown));
    await jobs.take(scores);
    for (const [at, promptId] of promptIds.entries()) {
      const { weights } = await shown(promptId);
      expect(weights).toHaveLength(4);
      for (const [code, weight] of weights.entries())
        expect(weight).toBeCloseTo(before[at]?.weights[code] ?? 0, 5);
    }
  });

  it('are refused before the result, where a piece is missing or changed, and where they are of others', async () => {
    const { jobs, scores, change } = await projectOfTheJob();
    await expect(jobs.take(scores)).rejects.toMatchObject(codeFor('job.scores-without-run'));
    await jobs.take(join(fixture, 'result.zip'));

    await change((seal) => {
      seal.ofJob = false;
    });
    await expect(jobs.take(scores)).rejects.toMatchObject(codeFor('job.scores-of-others'));
    await change((seal) => {
      seal.ofJob = true;
      seal.pieces = (seal.pieces as { name: string }[]).filter(
        ({ name }) => name !== 'prompts-000001.parquet',
      );
    });
    await expect(jobs.take(scores)).rejects.toMatchObject(codeFor('job.damaged-scores'));
    await rm(join(scores, 'prompts-000000.parquet'));
    await expect(jobs.take(scores)).rejects.toMatchObject(codeFor('job.damaged-scores'));
    await change((seal) => {
      seal.job = crypto.randomUUID();
      seal.pieces = [];
    });
    await expect(jobs.take(scores)).rejects.toMatchObject(codeFor('job.foreign'));
  });
});
