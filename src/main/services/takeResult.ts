/** A job's result becomes a run, or brings the run up to date that it has become before. */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codesOf } from '#core/methods.ts';
import { FacetError, type Failure } from '#core/result.ts';
import type { CheckpointFrame, RunFrame } from '#core/runFrames.ts';
import { readFloats } from '#disk/bytes.ts';
import { makeFolderAtomic, verifyFolder } from '#disk/folder.ts';
import { copyTo } from '#disk/writeFile.ts';
import type { Run } from '#shared/entities.ts';
import { inTransaction } from '../data/transaction.ts';
import { framesWithCauses } from '../job/forcedResult.ts';
import { type JobRecord, jobDataset, readJobRecord, saveJobRecord } from '../job/jobRecord.ts';
import { type OpenResult, type ResultSeal, withResult } from '../job/openResult.ts';
import { filesUnder } from '../job/writeJob.ts';
import { storeJobCodes } from './jobCodes.ts';
import { KeptCodes } from './KeptCodes.ts';
import type { OpenProject } from './OpenProject.ts';
import { runDirectory } from './runCheckpoint.ts';
import { storeKeptResults } from './runOutputs.ts';

const STATES = { finished: 'finished', stopped: 'stopped', running: 'stopped', failed: 'failed' } as const;

function failureOf({ state, step, steps, failure }: ResultSeal): Failure | null {
  if (state === 'failed')
    return {
      code: 'job.failed',
      message: failure ?? `The job failed after step ${step}.`,
      fix: 'Mend it there and start it again.',
    };
  if (state !== 'running') return null;
  return {
    code: 'job.still-running',
    message: `This is what there was after step ${step} of ${steps}, while the job was still running.`,
    fix: 'Take the result again to bring it up to date.',
  };
}

const foreign = (given: string): FacetError =>
  new FacetError({
    code: 'job.foreign',
    message: `${given} is the result of a job that this project did not make.`,
    fix: 'Open the project that made the job, and take it there.',
    where: { file: given },
  });

/** The run of the job; a new one is hidden until all of it is there, and removed at the next opening where that never comes. */
async function runOf(project: OpenProject, record: JobRecord): Promise<{ runId: number; isNew: boolean }> {
  const { runId } = record;
  if (runId !== null && project.runs.list().some(({ id }) => id === runId)) return { runId, isNew: false };
  const { name, modelId, config, selection, pairs, facet, made, datasetSha256 } = record;
  const inserted = await project.writer.write(() =>
    inTransaction(project.database, () => {
      const fresh = { name, modelId, config, selection, pairs, codeVersion: facet, startedAt: made };
      const id = project.runs.insert(fresh);
      project.runs.setDataset(id, datasetSha256, pairs);
      project.runs.end(id, 'stopped', null, made);
      project.runs.setDeleted(id, true);
      return id;
    }),
  );
  return { runId: inserted, isNew: true };
}

async function copyFiles(project: OpenProject, runDir: string, { folder, seal }: OpenResult): Promise<void> {
  await mkdir(runDir, { recursive: true });
  await copyTo(jobDataset(project.filesDir, seal.job), join(runDir, 'dataset.jsonl'));
  for (const name of Object.keys(seal.files).filter((one) => !one.endsWith('.f32')))
    await copyTo(join(folder, name), join(runDir, name));
  for (const { path, sha256 } of seal.checkpoints) {
    // A take that is cut off leaves the run what it has already; what can’t be read of it is copied anew.
    const isThere = await verifyFolder(join(runDir, path)).then(
      (there) => there.sha256 === sha256,
      () => false,
    );
    if (isThere) continue;
    await rm(join(runDir, path), { recursive: true, force: true });
    await makeFolderAtomic(join(runDir, path), async (partial) => {
      for (const file of await filesUnder(join(folder, path)))
        await copyTo(join(folder, path, file), join(partial, file));
    });
  }
}

/** The frames and what they say, the checkpoints and the end: in one transaction, so that a reader sees all of it or none. */
function storeRun(project: OpenProject, runId: number, { seal, frames }: OpenResult, isNew: boolean): void {
  const { runs, database } = project;
  inTransaction(database, () => {
    if (!isNew) runs.reopen(runId, null);
    runs.appendFrames(runId, 0, frames as RunFrame[]);
    for (const { path, ...checkpoint } of seal.checkpoints) {
      const frame: CheckpointFrame = { ...checkpoint, path };
      runs.putCheckpoint(runId, frame, path, seal.written);
    }
    runs.setEngine(runId, `PyTorch ${seal.torch}`);
    runs.end(runId, STATES[seal.state], failureOf(seal), seal.written);
    KeptCodes.want(project, runId);
    runs.setDeleted(runId, false);
  });
}

/** p(z|x) as the job read it; what it did not read is left to this machine. */
async function storeCodes(
  project: OpenProject,
  runId: number,
  record: JobRecord,
  result: OpenResult,
): Promise<void> {
  const codes = codesOf(record.config);
  if (codes === null) return;
  for (const step of new Set(result.seal.checkpoints.map((checkpoint) => checkpoint.step))) {
    const name = `codes-${String(step).padStart(6, '0')}.f32`;
    if (!(name in result.seal.files)) continue;
    const weights = await readFloats(join(result.folder, name));
    await storeJobCodes(project, { runId, step, promptIds: record.promptIds, weights, codes });
  }
}

/** Codes are rows of K numbers, one for each prompt of the job. */
async function checkCodes(record: JobRecord, { folder, seal }: OpenResult): Promise<void> {
  const codes = codesOf(record.config) ?? 0;
  for (const name of Object.keys(seal.files).filter((one) => one.endsWith('.f32'))) {
    const { length } = await readFloats(join(folder, name));
    if (length === record.promptIds.length * codes) continue;
    throw new FacetError({
      code: 'job.damaged-result',
      message: `${name} holds ${length} numbers, not ${codes} for each of ${record.promptIds.length} prompts.`,
      fix: 'Copy the result again.',
      where: { file: join(folder, name) },
    });
  }
}

/** Throws `job.…` before anything has changed where the result is damaged or of another project. */
export async function takeResult(project: OpenProject, given: string): Promise<Run> {
  const path = resolve(given);
  const workDir = join(project.filesDir, 'jobs');
  await mkdir(workDir, { recursive: true });
  return withResult(path, workDir, async (opened) => {
    const record = await readJobRecord(project.filesDir, opened.seal.job);
    if (record === null) throw foreign(path);
    await checkCodes(record, opened);
    const result = { ...opened, frames: await framesWithCauses(opened, record.config.seed) };
    const { runId, isNew } = await runOf(project, record);
    await copyFiles(project, runDirectory(project, runId), result);
    await project.writer.write(() => storeRun(project, runId, result, isNew));
    await saveJobRecord(project.filesDir, { ...record, runId });
    await storeKeptResults(project, runId);
    await storeCodes(project, runId, record, result);
    return project.runs.get(runId);
  });
}
