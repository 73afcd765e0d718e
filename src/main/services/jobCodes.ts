/** p(z|x) of a job's prompts as its run keeps it. */
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

export async function storeJobCodes(project: OpenProject, job: JobCodes): Promise<void> {
  const { runId, step, promptIds, weights: all, codes } = job;
  const there = new Set(project.codes.prompts().map(({ id }) => id));
  const kept = promptIds.map((id, row) => ({ id, row })).filter(({ id }) => there.has(id));
  const weights = new Float32Array(kept.length * codes);
  for (const [at, { row }] of kept.entries())
    weights.set(all.subarray(row * codes, (row + 1) * codes), at * codes);
  const ids = kept.map(({ id }) => id);
  const pieces = project.codes.putActivations({
    runId,
    step,
    promptIds: ids,
    weights,
    codes,
    evidence: null,
  });
  for (const piece of pieces) await project.writer.write(piece);
  await project.writer.write(() => project.figures.settle(runId, step));
}
