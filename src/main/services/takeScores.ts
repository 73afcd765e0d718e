/** p(z|x) that a job's checkpoint gave elsewhere, into the run that the job has become. */
import { codesOf } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';
import { type JobRecord, readJobRecord } from '../job/jobRecord.ts';
import { codesOfPieces, type ScoresSeal } from '../job/openScores.ts';
import { storeJobCodes } from './jobCodes.ts';
import type { OpenProject } from './OpenProject.ts';

const refused = (code: string, file: string, message: string, fix: string): FacetError =>
  new FacetError({ code, message, fix, where: { file } });

function runOf(project: OpenProject, record: JobRecord, seal: ScoresSeal, folder: string): Run {
  const run = project.runs.list().find(({ id }) => id === record.runId);
  if (run?.checkpoints.some(({ step }) => step === seal.step)) return run;
  throw refused(
    'job.scores-without-run',
    folder,
    `${folder} holds scores of the checkpoint after step ${seal.step}, which this project does not have.`,
    'Take the result of the job first, then its scores.',
  );
}

/** Throws `job.…` before anything has changed where scores are damaged, of other prompts or of another project. */
export async function takeScores(project: OpenProject, folder: string, seal: ScoresSeal): Promise<Run> {
  const record = await readJobRecord(project.filesDir, seal.job);
  if (record === null)
    throw refused(
      'job.foreign',
      folder,
      `${folder} holds scores of a job that this project did not make.`,
      'Open the project that made the job, and take them there.',
    );
  const run = runOf(project, record, seal, folder);
  const codes = codesOf(record.config);
  if (!seal.ofJob || codes === null || codes !== seal.codes)
    throw refused(
      'job.scores-of-others',
      folder,
      `${folder} holds no codes of this project’s prompts.`,
      'Run score.py without --prompts and --pairs for a job with a codebook; scores of other rows are read where they are.',
    );
  const { promptIds } = record;
  const placeOf = new Map(promptIds.map((id, place) => [String(id), place]));
  const weights = new Float32Array(promptIds.length * codes);
  const missing = new Set(placeOf.keys());
  for await (const rows of codesOfPieces(folder, seal))
    for (const row of rows) {
      const place = placeOf.get(row.id);
      if (place === undefined || !missing.delete(row.id)) continue;
      weights.set(row.weights, place * codes);
    }
  if (missing.size > 0)
    throw refused(
      'job.damaged-scores',
      folder,
      `${folder} lacks ${missing.size} of ${promptIds.length} prompts of the job.`,
      'Copy the scores again, whole.',
    );
  await storeJobCodes(project, { runId: run.id, step: seal.step, promptIds, weights, codes });
  return project.runs.get(run.id);
}
