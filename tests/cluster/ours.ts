/** A run trained here, and the same as a job: what PyTorch is compared with. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { readFloats } from '#disk/bytes.ts';
import { writeJsonLines } from '#disk/lines.ts';
import type { Facet } from '#main/app.ts';
import { startForkedWorker } from '#main/compute/forkLink.ts';
import { createWorkerPool } from '#main/compute/workerPool.ts';
import { resourcesDir, workerEntry } from '#main/environment.ts';
import { CHECKS, openCheckProject, SELECTION } from '#main/job/checks.ts';
import { facetOver } from '#main/testFacet.ts';
import type { Run } from '#shared/entities.ts';

/** The preset Robust, two rows a step, so that each of two processes has one; held out is enough for codes to be forced on. */
const CONFIG: RunConfig = {
  ...(CHECKS.robust as RunConfig),
  accumulation: 2,
  evaluateEvery: 5,
  heldOutShare: 0.4,
};

export interface Ours {
  readonly facet: Facet;
  /** Removed when all is done. */
  readonly work: string;
  readonly frames: readonly RunFrame[];
  readonly run: Run;
  /** A new job folder of the same run. */
  makeJob(name: string, hub?: { readonly repo: string; readonly revision: string }): Promise<string>;
  /** Of the model that trains. */
  readonly modelDir: string;
  /** p(z|x) of the job's prompts by a taken run's checkpoint, as our own engine reads it: K numbers by prompt. */
  codesBy(run: Run): Promise<ReadonlyMap<number, readonly number[]>>;
  dispose(): Promise<void>;
}

async function framesOf(facet: Facet, runId: number): Promise<RunFrame[]> {
  const frames: RunFrame[] = [];
  for await (const frame of facet.services.runs.frames(runId)) frames.push(frame);
  return frames;
}

/** Trains on `onnx-cpu`. `FACET_CLUSTER_MODEL` names a model folder; the starter model without it. */
export async function trainOurs(): Promise<Ours> {
  const work = await mkdtemp(join(tmpdir(), 'facet-cluster-'));
  const compute = createWorkerPool(() => startForkedWorker(workerEntry));
  const facet = facetOver(work, { resourcesDir, compute });
  const model = process.env.FACET_CLUSTER_MODEL;
  const { path, modelId } = await openCheckProject(facet, work, model);
  const started = await facet.services.runs.start({
    name: 'Here',
    modelId,
    config: CONFIG,
    selection: SELECTION,
  });
  const frames = await framesOf(facet, started.id);
  const run = await facet.services.runs.wait(started.id);
  if (run.state !== 'finished') throw new Error(`ours ended as ${run.state}: ${run.failure?.message}`);
  const modelDir = model ?? join(resourcesDir, 'starter');
  return {
    facet,
    work,
    frames,
    run,
    modelDir,
    makeJob: async (name, hub) => {
      const made = await facet.services.jobs.make({
        out: join(work, name),
        name,
        modelId,
        config: CONFIG,
        selection: SELECTION,
        hub: hub ?? null,
        withModel: hub === undefined,
      });
      return made.folder;
    },
    codesBy: async ({ id, step }) => {
      const runDir = join(`${path}.files`, 'runs', String(id));
      const rows = (await readFile(join(runDir, 'dataset.jsonl'), 'utf8')).trim().split('\n');
      const pairs = rows.map((row) => JSON.parse(row) as { promptId: string; messages: unknown });
      const prompts = [...new Map(pairs.map((pair) => [pair.promptId, pair.messages]))];
      const promptsPath = join(work, 'prompts.jsonl');
      await writeJsonLines(
        promptsPath,
        prompts.map(([promptId, messages]) => ({ id: promptId, messages })),
      );
      const outputPath = join(work, `codes-${id}.f32`);
      await rm(outputPath, { force: true });
      const checkpointDir = join(runDir, 'checkpoints', `last-${String(step).padStart(6, '0')}`);
      const asked = { modelDir, checkpointDir, promptsPath, outputPath, engine: 'onnx-cpu' } as const;
      unwrap(await compute.run<'codes'>({ kind: 'codes', ...asked }));
      const weights = [...(await readFloats(outputPath))];
      const codes = weights.length / prompts.length;
      return new Map(
        prompts.map(([promptId], row) => [Number(promptId), weights.slice(row * codes, (row + 1) * codes)]),
      );
    },
    dispose: async () => {
      await facet.dispose();
      await compute.dispose();
      await rm(work, { recursive: true, force: true });
    },
  };
}

const COMPARED = [
  'loss',
  'preferenceLoss',
  'klLoss',
  'kl',
  'margin',
  'accuracy',
  'logpChosen',
  'logpRejected',
  'codePerplexity',
] as const;

/** Steps and evaluations by place. */
const byPlace = (frames: readonly RunFrame[]): Map<string, Record<string, number>> =>
  new Map(
    frames.flatMap((frame): [string, Record<string, number>][] =>
      frame.type === 'step' || frame.type === 'evaluation'
        ? [[`${frame.type} ${frame.step}`, frame as unknown as Record<string, number>]]
        : [],
    ),
  );

/** Largest difference of any figure of any step or evaluation, relative where the figure is above 1. */
export function largestDifference(expected: readonly RunFrame[], found: readonly RunFrame[]): number {
  const theirs = byPlace(found);
  let largest = 0;
  for (const [place, frame] of byPlace(expected)) {
    const other = theirs.get(place);
    if (other === undefined) throw new Error(`${place} is missing`);
    for (const name of COMPARED) {
      const value = frame[name];
      if (value === undefined || value === null) continue;
      const difference = Math.abs(value - (other[name] ?? Number.NaN)) / Math.max(1, Math.abs(value));
      if (!(difference <= largest)) largest = difference;
    }
  }
  return largest;
}

/** Whole frames of a result folder; a line under way is left out. */
export async function resultFrames(result: string): Promise<RunFrame[]> {
  const text = await readFile(join(result, 'frames.jsonl'), 'utf8').catch(() => '');
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as RunFrame);
}
