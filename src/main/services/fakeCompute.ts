/** For tests: a compute process that trains nothing, writes what a real one would and fails when told to. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { heldOutFile } from '#core/heldOutFile.ts';
import type {
  AuditJob,
  CodesJob,
  EstimateResult,
  Job,
  JobResults,
  ScoreJob,
  TrainJob,
  VocabularyResult,
} from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { type Failure, fail, ok, type Result } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, StepFrame, WarningFrame } from '#core/runFrames.ts';
import { stepFrame } from '#core/testFrames.ts';
import type { ComputeClient, ComputeOptions, JobOf } from '../compute/ComputeClient.ts';

export const WORKER_DIED: Failure = { code: 'compute.worker-died', message: 'The compute process ended.' };
const CODES = 3;

const step = (number: number, totalSteps: number): StepFrame =>
  stepFrame({
    step: number,
    totalSteps,
    loss: 0.7 - number / 100,
    kl: 0,
    g: 1,
    codePerplexity: 2,
    memoryBytes: 300_000_000,
    stage: 'all',
  });

export function readLines<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

const ESTIMATE: EstimateResult = {
  peakBytes: 1e9,
  trainableParameters: 1000,
  pairs: 4,
  tokens: 100,
  tokensCut: 0,
  pairsCut: 0,
  equalIds: [],
  steps: 400,
  pairsPerStep: 4,
  secondsTotal: 60,
};

const VOCABULARY: VocabularyResult = {
  reason: null,
  codes: Array.from({ length: CODES }, (_, code) => ({
    lifted: [{ id: 1, text: ` yes ${code}`, shift: 1.5 }],
    lowered: [{ id: 2, text: ` no ${code}`, shift: -1.25 }],
  })),
};

/** One token a text. */
const tokensOf = ({ messages, chosen, rejected }: JobOf<'tokens'>) => {
  const piece = (text: string) => [{ id: 1, text, trained: true }];
  const prompt = piece(messages.map(({ content }) => content).join());
  return {
    prompt,
    chosen: piece(chosen),
    rejected: piece(rejected),
    promptCut: 0,
    chosenCut: 0,
    rejectedCut: 0,
  };
};

/** Each reply says who wrote it and with which codes. */
const repliesOf = ({ checkpointDir, codes, samples }: JobOf<'generate'>) => {
  const who = checkpointDir === null ? 'base' : basename(checkpointDir);
  const by =
    codes.mode === 'weights' ? codes.weights.map((weight) => weight.toFixed(2)).join(' ') : codes.mode;
  const reply = (number: number) => ({
    text: `${who} by ${by}, ${number}`,
    tokens: 2,
    finish: 'stop',
    logp: -3,
  });
  return {
    replies: Array.from({ length: samples }, (_, index) => reply(index + 1)),
    ids: Array.from({ length: samples }, () => [11, 12]),
    promptTokens: 4,
    weights: checkpointDir === null ? null : [0.2, 0.3, 0.5],
    tokensPerSecond: 20,
    timeToFirstTokenMs: 5,
  };
};

/** Two tokens: a run holds the first one surer than its base, the second one less so. */
const forcedTokens = ({ checkpointDir, ids }: JobOf<'reply-tokens'>) => {
  const logps = checkpointDir === null ? [-2, -1] : [-1, -4];
  return { tokens: ids.map((id, place) => ({ text: ` word${id}`, logp: logps[place] ?? 0 })) };
};

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });

export class FakeCompute implements ComputeClient {
  /** The job kind that ends with the failure given. */
  readonly failing = new Map<Job['kind'], Failure>();
  readonly jobs: Job[] = [];
  /** p(z|x) of odd prompts; even ones fire code 0. Code 1 is dead. */
  oddWeights: readonly number[] = [0.1, 0, 0.9];
  /** What estimates say beside the usual. */
  estimate: Partial<EstimateResult> = {};
  /** Margins of pairs that are scored, by id from 1; 0 for others. */
  scores: readonly number[] = [];
  /** Held-out margins of the runs that are trained. */
  margin = 1.5;
  /** Training keeps a best checkpoint at this step. */
  bestAt: number | null = null;
  /** What a run tells of held-out pairs at its end; nothing where null. */
  heldOut: ((config: RunConfig) => readonly EvaluationFrame[]) | null = null;
  /** What the run doctor has to say at a run's end. */
  doctor: readonly WarningFrame[] = [];
  /** A fast run reports a part of its steps: here those before this one. */
  unreportedFrom = Number.POSITIVE_INFINITY;
  /** Reading codes waits here; a stop ends it. */
  codesGate: Promise<void> = Promise.resolve();
  /** Training waits here after each step until it is let on. */
  gate: Promise<void> = Promise.resolve();

  async run<K extends Job['kind']>(
    job: JobOf<K>,
    options: ComputeOptions = {},
  ): Promise<Result<JobResults[K]>> {
    this.jobs.push(job);
    if (job.kind === 'codes') await Promise.race([this.codesGate, aborted(options.stop)]);
    if (job.kind === 'codes' && options.stop?.aborted)
      return fail({ code: 'job.stopped', message: 'Stopped before it was finished.' });
    const result = await this.#result(job, options);
    const failure = this.failing.get(job.kind);
    return failure ? fail(failure) : ok(result as JobResults[K]);
  }

  async dispose(): Promise<void> {
    this.jobs.length = 0;
  }

  async #result(job: Job, options: ComputeOptions): Promise<unknown> {
    if (job.kind === 'train') return this.#train(job, options);
    if (job.kind === 'codes') return this.#codes(job);
    if (job.kind === 'score') return this.#score(job);
    if (job.kind === 'audit') return this.#audit(job);
    if (job.kind === 'export') return { folder: job.outputDir, files: [], notes: [job.modelCard] };
    if (job.kind === 'tokens') return tokensOf(job);
    if (job.kind === 'generate') return repliesOf(job);
    if (job.kind === 'reply-tokens') return forcedTokens(job);
    if (job.kind === 'vocabulary') return VOCABULARY;
    if (job.kind === 'estimate') return { ...ESTIMATE, ...this.estimate };
    if (job.kind === 'probe')
      return {
        ...{ weights: [0.2, 0.3, 0.5], tokens: job.messages.length, tokensCut: 0, nearest: [] },
        ...(job.growth && {
          growth: [
            { added: 'Will it', weights: [0.9, 0, 0.1] },
            { added: ' rain?', weights: [0.2, 0.3, 0.5] },
          ],
        }),
      };
    if (job.kind !== 'inspect-model') throw new Error(`the fake knows no ${job.kind}`);
    return {
      architecture: 'llama',
      parameters: 1,
      layers: 1,
      hiddenSize: 1,
      vocabulary: 1,
      contextLength: 1,
      dtype: 'F32',
      bytes: 4,
      chatTemplate: false,
    };
  }

  async #train(job: TrainJob, { onFrame, stop }: ComputeOptions) {
    onFrame?.({ type: 'engine', engine: 'onnx-cpu', fallback: null });
    let done = job.resume ? this.#lastStep(job) : 0;
    while (done < job.config.steps && !stop?.aborted) {
      done += 1;
      if (done < this.unreportedFrom) onFrame?.(step(done, job.config.steps));
      if (done === this.bestAt) this.#keepBest(job, done, onFrame);
      await this.gate;
    }
    for (const frame of [...(this.heldOut?.(job.config) ?? []), ...this.doctor]) onFrame?.(frame);
    const checkpointDir = join(job.runDir, 'checkpoints', `last-${done}`);
    mkdirSync(checkpointDir, { recursive: true });
    const seal = { path: checkpointDir, sha256: 'ab', bytes: 12 };
    if (!this.failing.has('train')) onFrame?.({ type: 'checkpoint', step: done, kind: 'last', ...seal });
    const pairs = readLines<PreferencePair>(job.datasetPath);
    this.#writeResults(job, done);
    const heldOutPath = join(job.runDir, 'held-out-prompts.json');
    writeFileSync(heldOutPath, JSON.stringify(pairs.slice(0, 1).map(({ promptId }) => promptId)));
    const pairResultsPath = join(job.runDir, heldOutFile(done));
    const stopped = done < job.config.steps;
    return {
      stopped,
      steps: done,
      checkpointDir,
      pairResultsPath,
      heldOutPath,
      heldOutCodesPath: null,
      processorMs: 0,
    };
  }

  #writeResults({ datasetPath, runDir }: TrainJob, at: number): void {
    const figures = {
      margin: this.margin,
      rewardChosen: 1,
      rewardRejected: -0.5,
      logpChosen: -9,
      logpRejected: -8,
      posteriorMargin: null,
      swappedMargin: null,
      kl: 0.1,
    };
    const lines = readLines<PreferencePair>(datasetPath).map(
      ({ id }) => `${JSON.stringify({ pairId: id, ...figures })}\n`,
    );
    writeFileSync(join(runDir, heldOutFile(at)), lines.join(''));
  }

  #keepBest(job: TrainJob, at: number, onFrame: ComputeOptions['onFrame']): void {
    const path = join(job.runDir, 'checkpoints', `best-${at}`);
    mkdirSync(path, { recursive: true });
    this.#writeResults(job, at);
    onFrame?.({ type: 'checkpoint', step: at, kind: 'best', path, sha256: 'cd', bytes: 12 });
  }

  #lastStep(job: TrainJob): number {
    const names = readdirSync(join(job.runDir, 'checkpoints')).filter((name) => name.startsWith('last-'));
    return Math.max(...names.map((name) => Number(name.replace('last-', ''))));
  }

  #score({ datasetPath, outputPath }: ScoreJob) {
    const rows = readLines<PreferencePair>(datasetPath).map(({ id }) => {
      const margin = this.scores[Number(id) - 1] ?? 0;
      // Odd pairs are of code 2, the later the more; the prior is of another mind on pair 3.
      const odd = Number(id) % 2 === 1;
      const posterior = { code: odd ? 2 : 0, weight: 0.5 + Number(id) / 20 };
      const prior = { code: odd && id !== '3' ? 2 : 0, weight: 0.5 };
      return {
        pairId: id,
        margin,
        posteriorMargin: margin + 1,
        swappedMargin: margin - 0.5,
        prior,
        posterior,
      };
    });
    writeFileSync(outputPath, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return { pairs: rows.length, accuracy: 1, margin: 0, outputPath };
  }

  /** Labels with the margins of `scores`, least first. */
  #audit({ datasetPath, outputPath, folds, limit }: AuditJob) {
    const rows = readLines<PreferencePair>(datasetPath)
      .map(({ id }) => ({ pairId: id, margin: this.scores[Number(id) - 1] ?? 0 }))
      .sort((a, b) => a.margin - b.margin);
    const listed = rows.slice(0, limit);
    writeFileSync(outputPath, listed.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const contradicted = rows.filter(({ margin }) => margin <= 0).length;
    return { pairs: rows.length, leftOut: 0, folds, contradicted, outputPath };
  }

  #codes(job: CodesJob) {
    const prompts = readLines<{ id: string }>(job.promptsPath);
    const weights = prompts.flatMap(({ id }) => (Number(id) % 2 === 1 ? this.oddWeights : [0.8, 0, 0.2]));
    writeFileSync(job.outputPath, new Float32Array(weights));
    return { prompts: prompts.length, codes: CODES, outputPath: job.outputPath };
  }
}
