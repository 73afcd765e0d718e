/** For tests: short runs on the real small model with real pairs. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TrainJob, TrainResult } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, RunFrame, StepFrame } from '#core/runFrames.ts';
import { sharedDir, storiesDir } from '../backbone/testModel.ts';
import { train } from './train.ts';

/** A small codebook near zero and no bonus: the first loss is then known. */
export const LATENT = { ...DEFAULT_LATENT, codes: 8, codebookInitStd: 0.02, batchEntropyBonus: 0 };

/** Short rows, so that a step takes milliseconds. */
export const SHORT_RUN: RunConfig = {
  ...DEFAULT_RUN,
  latent: LATENT,
  steps: 30,
  headsLearningRate: 3e-3,
  warmupSteps: 3,
  tokenBudget: 192,
  maxPromptTokens: 48,
  maxReplyTokens: 48,
  evaluateEvery: 0,
  heldOutShare: 0.2,
  engine: 'onnx-cpu',
};

interface NormalizedRow {
  readonly id: string;
  readonly source: string;
  readonly aspect: string;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/** The first pairs of the polite set. */
export function politePairs(count: number): PreferencePair[] {
  const path = join(sharedDir, 'data', 'normalized', 'raschka_polite.jsonl.gz');
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.slice(0, count).map((line) => {
    const row = JSON.parse(line) as NormalizedRow;
    const { id, source, aspect, chosen, rejected } = row;
    const messages = [{ role: 'user' as const, content: row.prompt }];
    return { id, promptId: `prompt-${id}`, source, aspect, messages, chosen, rejected };
  });
}

export interface FinishedRun {
  readonly job: TrainJob;
  readonly result: TrainResult;
  readonly frames: readonly RunFrame[];
  readonly steps: readonly StepFrame[];
  readonly evaluations: readonly EvaluationFrame[];
}

export const framesOf = <T extends RunFrame['type']>(frames: readonly RunFrame[], type: T) =>
  frames.filter((frame): frame is Extract<RunFrame, { type: T }> => frame.type === type);

/** Runs in a folder of its own under `root`. `onFrame` may ask to stop; `begun` gets the job before it begins. */
export async function runIn(
  root: string,
  pairs: readonly PreferencePair[],
  changed: Partial<RunConfig>,
  onFrame: (frame: RunFrame, stop: AbortController) => void = () => undefined,
  modelDir = storiesDir,
  begun: (job: TrainJob) => void = () => undefined,
): Promise<FinishedRun> {
  const dir = await mkdtemp(join(root, 'run-'));
  const datasetPath = join(dir, 'pairs.jsonl');
  await writeFile(datasetPath, pairs.map((pair) => JSON.stringify(pair)).join('\n'));
  const job: TrainJob = {
    kind: 'train',
    config: { ...SHORT_RUN, ...changed },
    modelDir,
    datasetPath,
    runDir: join(dir, 'run'),
    cacheDir: join(dir, 'cache'),
  };
  begun(job);
  return runAgain(job, onFrame);
}

/** A job as it is, for runs that share folders. */
export async function runAgain(
  job: TrainJob,
  onFrame: (frame: RunFrame, stop: AbortController) => void = () => undefined,
  options: Parameters<typeof train>[2] = {},
): Promise<FinishedRun> {
  const stop = new AbortController();
  const frames: RunFrame[] = [];
  const generator = train(job, stop.signal, options);
  try {
    for (;;) {
      const next = await generator.next();
      if (next.done) {
        const steps = framesOf(frames, 'step');
        return { job, result: next.value, frames, steps, evaluations: framesOf(frames, 'evaluation') };
      }
      frames.push(next.value);
      onFrame(next.value, stop);
    }
  } finally {
    // Where `onFrame` throws, the run ends there and then, as if killed: nothing more is written.
    await generator.return(undefined as never);
  }
}

export async function temporaryRoot(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'facet-run-'));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** What a generator returns, its frames passed over. */
export async function resultOf<T>(frames: AsyncGenerator<RunFrame, T>): Promise<T> {
  for (;;) {
    const next = await frames.next();
    if (next.done) return next.value;
  }
}
