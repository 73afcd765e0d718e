/** p(z|x) of a job's prompts as its run keeps it. */
import { type ActivationRows, SLICE_ROWS } from '../data/codeTable.ts';
import type { OpenProject } from './OpenProject.ts';

interface JobCodes {
  readonly runId: number;
  readonly step: number;
  /** Prompts of the job; those that have left the project since are left out. */
  readonly promptIds: readonly number[];
  /** A row of K numbers for each of them. */
  readonly weights: Float32Array;
  readonly codes: number;
}

async function* slicesOf(
  project: OpenProject,
  { promptIds, weights, codes }: JobCodes,
): AsyncGenerator<ActivationRows> {
  for (let first = 0; first < promptIds.length; first += SLICE_ROWS) {
    const some = promptIds.slice(first, first + SLICE_ROWS);
    const there = project.codes.promptsThere(some);
    const kept = some.map((id, row) => ({ id, row: first + row })).filter(({ id }) => there.has(id));
    const own = new Float32Array(kept.length * codes);
    for (const [at, { row }] of kept.entries())
      own.set(weights.subarray(row * codes, (row + 1) * codes), at * codes);
    yield { promptIds: kept.map(({ id }) => id), weights: own };
  }
}

export async function storeJobCodes(project: OpenProject, job: JobCodes): Promise<void> {
  const { runId, step, codes } = job;
  const of = { runId, step, codes, evidence: null };
  for await (const piece of project.codes.putActivations(of, slicesOf(project, job)))
    await project.writer.write(piece);
  await project.writer.write(() => project.figures.settle(runId, step));
}
