/** For tests: pairs, a compute process that measures what the test says, and cells over them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodesJob, Job, JobResults, PairResult, ScoreJob, TrainJob } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { type Failure, fail, ok, type Result } from '#core/result.ts';
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
    this.onTrain(job);
    return ok(this.#train(job, stop?.aborted ?? false) as JobResults[K]);
  }

  async dispose(): Promise<void> {
    this.jobs.length = 0;
  }

  #train(job: TrainJob, stopped: boolean): JobResults['train'] {
    const checkpointDir = join(job.runDir, 'checkpoints', 'last');
    mkdirSync(checkpointDir, { recursive: true });
    writeFileSync(join(checkpointDir, 'config.json'), JSON.stringify(job.config));
    return { stopped, steps: 2, checkpointDir, pairResultsPath: '', heldOutPath: '' };
  }

  #answer(job: Job): unknown {
    if (job.kind === 'score') return this.#score(job);
    if (job.kind === 'codes') return this.#codes(job);
    if (job.kind === 'inspect-model') return { parameters: 7 };
    throw new Error(`no ${job.kind} here`);
  }

  #config({ checkpointDir }: { readonly checkpointDir: string | null }) {
    const text = readFileSync(join(checkpointDir ?? '', 'config.json'), 'utf8');
    return JSON.parse(text) as TrainJob['config'];
  }

  #score(job: ScoreJob): JobResults['score'] {
    const { latent } = this.#config(job);
    const pairs = readRows<PreferencePair>(job.datasetPath);
    const results = pairs.map(({ id, source }): PairResult => {
      const right = latent !== null || source !== 'odd';
      const ofLatent = (value: number) => (latent === null ? null : value);
      return {
        pairId: id,
        margin: right ? 1 : -1,
        rewardChosen: 1,
        rewardRejected: 0,
        logpChosen: -1,
        logpRejected: -1,
        posteriorMargin: ofLatent(2),
        swappedMargin: ofLatent(-2),
        kl: ofLatent(0.25),
      };
    });
    writeFileSync(job.outputPath, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    return { pairs: pairs.length, accuracy: 0, margin: 0, outputPath: job.outputPath };
  }

  /** Code 0 for the first source, code 1 for the other; h_x is (source, 0). */
  #codes(job: CodesJob): JobResults['codes'] {
    const codes = this.#config(job).latent?.codes ?? 0;
    const prompts = readRows<{ id: string }>(job.promptsPath);
    const weights = prompts.flatMap(({ id }) => {
      const odd = Number(id.replace(/\D/g, '')) % 2;
      return [...Array.from({ length: codes }, (_, code) => (code === odd ? 1 : 0)), odd, 0];
    });
    writeFileSync(job.outputPath, new Float32Array(weights));
    return { prompts: prompts.length, codes, stateSize: 2, outputPath: job.outputPath };
  }
}
