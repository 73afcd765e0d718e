import { z } from 'zod';
import { FacetError } from '#core/result.ts';
import { sweepSchema } from '#shared/sweepContract.ts';
import type { OpenProject } from './OpenProject.ts';

const KEY = 'sweeps';

const recordSchema = sweepSchema
  .omit({ waiting: true })
  .extend({ bestBy: z.enum(['loss', 'accuracy']).default('loss') });
/** What a project keeps of a sweep; settings and figures are those of its runs. */
export type SweepRecord = z.infer<typeof recordSchema>;

/** The oldest first. */
export const sweepRecords = (project: OpenProject): SweepRecord[] =>
  z.array(recordSchema).parse(project.settings.get(KEY) ?? []);

export function sweepRecord(project: OpenProject, id: number): SweepRecord {
  const found = sweepRecords(project).find((sweep) => sweep.id === id);
  if (found) return found;
  throw new FacetError({
    code: 'sweep.unknown',
    message: `This project has no sweep ${id}.`,
    fix: 'Choose one from the list of runs.',
  });
}

/** Within a turn of the writer. */
export const putSweeps = (project: OpenProject, sweeps: readonly SweepRecord[]): void =>
  project.settings.set(KEY, sweeps);

/** Within a turn of the writer. */
export const changeSweep = (project: OpenProject, id: number, change: Partial<SweepRecord>): void =>
  putSweeps(
    project,
    sweepRecords(project).map((sweep) => (sweep.id === id ? { ...sweep, ...change } : sweep)),
  );

/** Within the transaction that stores the run. */
export function joinSweep(project: OpenProject, id: number, runId: number): void {
  const sweep = sweepRecords(project).find((one) => one.id === id);
  if (sweep) changeSweep(project, id, { runIds: [...sweep.runIds, runId] });
}
