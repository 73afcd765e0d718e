/** For tests: pairs, a compute process that measures what the test says, and cells over them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, JobResults, PairCodes, PairResult, TrainJob } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { type Failure, fail, ok, type Result } from '#core/result.ts';
import type { CausesFrame } from '#core/runFrames.ts';
import type { ComputeClient, ComputeOptions, JobOf } from '../compute/ComputeClient.ts';
import { settingsUnder } from './settings.ts';
import type { DesignInput } from './types.ts';

/** `count` pairs over half as many prompts of two sources. */
export const somePairs = (count: number): PreferencePair[] =>
  Array.from({ length: count }, (_, index) => {
    const prompt = Math.floor(index / 2);
    return {
      id: `pair-${index}`,
      promptId: `prompt-${prompt}`,
      source: prompt % 2 === 0 ? 'even' : 'odd',
      aspect: null,
      messages: [{ role: 'user', content: `Question ${prompt}?` }],
      chosen: `good answer ${index}`,
      rejected: `bad answer ${index}`,
    };
  });

export const inputOver = (
  pairs: readonly PreferencePair[],
  seeds: readonly number[],
  modelDir: string,
): DesignInput => ({
  pairs,
  seeds,
  modelDir,
  settings: settingsUnder({ steps: 2 }),
});

export const readRows = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** Every pair gets a margin of 1, but those of the source `odd` −1 without a latent. */
export class MeasuringCompute implements ComputeClient {
  readonly jobs: Job[] = [];
  /** Fails a training for which it says why. */
  refuse: (job: TrainJob) => Failure | null = () => null;
  onTrain: (job: TrainJob) => void = () => undefined;

  async run<K extends Job['kind']>(
    given: JobOf<K>,
    { onFrame, stop }: ComputeOptions = {},
  ): Promise<Result<JobResults[K]>> {
    const job: Job = given;
    this.jobs.push(job);
    if (job.kind !== 'train') return ok(this.#answer(job) as JobResults[K]);
    onFrame?.({ type: 'engine', engine: 'onnx-cpu', fallback: null });
    const failure = this.refuse(job);
    if (failure) return fail(failure);
    if (job.config.latent?.kind === 'codebook') onFrame?.(CAUSES);
    this.onTrain(job);
    return ok(this.#train(job, stop?.aborted ?? false) as JobResults[K]);
  }

  async dispose(): Promise<void> {
    this.jobs.length = 0;
  }

  #train(job: TrainJob, stopped: boolean): JobResults['train'] {
    const pairResultsPath = join(job.runDir, 'held-out-pairs.jsonl');
    const heldOutCodesPath = job.config.latent?.kind === 'codebook' ? join(job.runDir, 'codes.jsonl') : null;
    mkdirSync(job.runDir, { recursive: true });
    const held = heldOutOf(job);
    writeRows(
      pairResultsPath,
      held.map((pair) => resultOf(pair, job.config.latent !== null)),
    );
    if (heldOutCodesPath)
      writeRows(
        heldOutCodesPath,
        held.map((pair) => codesOfPair(pair, job.config.latent?.codes ?? 0)),
      );
    const checkpointDir = join(job.runDir, 'checkpoints');
    return {
      stopped,
      steps: 2,
      checkpointDir,
      pairResultsPath,
      heldOutPath: '',
      heldOutCodesPath,
      processorMs: 500,
    };
  }

  #answer(job: Job): unknown {
    if (job.kind === 'inspect-model') return { parameters: 7 };
    throw new Error(`no ${job.kind} here`);
  }
}

/** Code 0 serves `even`. */
const CAUSES: CausesFrame = {
  type: 'causes',
  step: 2,
  pairs: 20,
  heldOutPairs: 20,
  codesLeftOut: 0,
  groupedBy: 'source',
  reason: null,
  causes: {
    codes: [0],
    groups: ['even', 'odd'],
    effects: ['even', 'odd'].map((group) => ({
      code: 0,
      group,
      pairs: 10,
      accuracy: group === 'even' ? 0.9 : 0.2,
      low: 0.1,
      high: 1,
      margin: 0,
      pinnedAccuracy: 0.5,
    })),
    serves: ['even'],
    recovery: 0.75,
    gainOverOneCode: { value: 0.4, low: 0.3, high: 0.5 },
    gainOverOff: null,
    gainOverShared: null,
  },
};

const writeRows = (path: string, rows: readonly unknown[]): void =>
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

/** The pairs that a job holds out, in the order that its rows happen to have: the reverse. */
export function heldOutOf({ datasetPath, heldOutPromptsPath = '' }: TrainJob): PreferencePair[] {
  const prompts = new Set(JSON.parse(readFileSync(heldOutPromptsPath, 'utf8')) as string[]);
  return readRows<PreferencePair>(datasetPath)
    .filter(({ promptId }) => prompts.has(promptId))
    .reverse();
}

function resultOf({ id, source }: PreferencePair, hasLatent: boolean): PairResult {
  const ofLatent = (value: number) => (hasLatent ? value : null);
  return {
    pairId: id,
    margin: hasLatent || source !== 'odd' ? 1 : -1,
    rewardChosen: 1,
    rewardRejected: 0,
    logpChosen: -1,
    logpRejected: -1,
    posteriorMargin: ofLatent(2),
    swappedMargin: ofLatent(-2),
    kl: ofLatent(0.25),
    prior: null,
    posterior: null,
  };
}

/** Code 0 for the source `even`, code 1 for `odd`; h_x is (source, 0). */
function codesOfPair({ id, source }: PreferencePair, codes: number): PairCodes {
  const odd = source === 'odd' ? 1 : 0;
  const weights = Array.from({ length: codes }, (_, code) => (code === odd ? 1 : 0));
  return { pairId: id, weights, state: [odd, 0] };
}
