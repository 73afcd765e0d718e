/** Measurements in a process of their own: LoRA over one kind of weights, or the speeds of several by turns. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import { DEFAULT_RUN, type RunConfig, type WeightsChoice } from '#core/runConfig.ts';
import { openGenerator } from '#lpc/generate/generator.ts';
import { drawReplies } from '#lpc/generate/replies.ts';
import { encodedLength } from '#lpc/packing/encode.ts';
import { type PreparedRun, prepareRun } from '#lpc/train/prepare.ts';
import { optionsFor } from '#lpc/train/programs.ts';
import { rowOrder } from '#lpc/train/rows.ts';
import { openStepRunner } from '#lpc/train/stepRunner.ts';
import { prepared } from './ownRun.ts';

export interface ModelCase {
  readonly part: 'learning' | 'speed';
  readonly kinds: readonly {
    readonly name: string;
    readonly modelDir: string;
    readonly weights: WeightsChoice;
  }[];
  readonly root: string;
  readonly datasetPath: string;
  readonly tokenBudget: number;
  readonly steps: number;
}

export interface LearningFigures {
  readonly losses: readonly number[];
  readonly peakBytes: number;
}

export interface SpeedFigures {
  /** Milliseconds of each turn's step, and of a token in each turn's reply, by kind. */
  readonly stepMs: Readonly<Record<string, readonly number[]>>;
  readonly decodeMs: Readonly<Record<string, readonly number[]>>;
  readonly pairsPerStep: number;
  readonly tokensPerStep: number;
}

const TURNS = 5;
const REPLY_TOKENS = 33;
/** Enough rows of pairs for every step, and no pass over the reference, which takes the same time whatever trains. */
const config = ({ tokenBudget, steps }: ModelCase, weights: WeightsChoice): RunConfig => ({
  ...DEFAULT_RUN,
  trainable: 'lora',
  objective: 'cpo',
  engine: 'onnx-cpu',
  headsFirst: 0,
  evaluateEvery: 0,
  warmupSteps: 0,
  tokenBudget,
  steps,
  weights,
});

type Kind = ModelCase['kinds'][number];

interface Stepper {
  readonly run: PreparedRun;
  step(): Promise<{ readonly loss: number; readonly pairs: number; readonly tokens: number }>;
}

async function stepperOf(measured: ModelCase, { modelDir, weights }: Kind): Promise<Stepper> {
  const dir = await mkdtemp(join(measured.root, 'run-'));
  const job = {
    kind: 'train',
    config: config(measured, weights),
    modelDir,
    datasetPath: measured.datasetPath,
    runDir: join(dir, 'run'),
    cacheDir: join(measured.root, 'cache'),
  } as const;
  const run = await prepared(prepareRun(job), () => undefined);
  const runner = await openStepRunner(
    run.engine,
    { ...optionsFor(run, 'all'), hiddenStatesFrom: 'row' },
    null,
  );
  const rows = rowOrder(run.training, run.shape, run.config);
  let taken = 0;
  return {
    run,
    async step() {
      const row = rows.take()[0]!;
      const outputs = await runner.run(taken, [row], ({ inputs }) => inputs);
      taken += 1;
      return {
        loss: outputs?.rows[0]?.loss?.[0] ?? Number.NaN,
        pairs: row.pairs.length,
        tokens: row.pairs.reduce((sum, pair) => sum + encodedLength(pair), 0),
      };
    },
  };
}

async function learning(measured: ModelCase): Promise<LearningFigures> {
  const stepper = await stepperOf(measured, measured.kinds[0]!);
  const losses: number[] = [];
  for (let step = 0; step < measured.steps; step += 1) losses.push((await stepper.step()).loss);
  await stepper.run.engine.dispose();
  // Kibibytes on every system, in Node's account.
  return { losses, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function decoderOf({ modelDir, weights }: Kind): Promise<() => Promise<number>> {
  const generator = await openGenerator(modelDir, null, 'onnx-cpu', weights);
  const endless = { ...generator, stops: new Set<number>() };
  const request = {
    prompt: generator.tokenizer.encode('How do I bake bread in a small oven?'),
    sampling: { ...DEFAULT_SAMPLING, temperature: 0, maxTokens: REPLY_TOKENS },
    codes: { mode: 'none' as const },
    sample: 0,
  };
  return async () => {
    const drawn = await drawReplies(endless, [request], () => undefined, new AbortController().signal);
    return drawn.decodeMs / (REPLY_TOKENS - 1);
  };
}

/** Each kind once a turn, after one that does not count: what disturbs one then disturbs all. */
async function byTurns(
  kinds: readonly Kind[],
  tasks: readonly (() => Promise<number>)[],
): Promise<Record<string, number[]>> {
  const ms: Record<string, number[]> = Object.fromEntries(kinds.map(({ name }) => [name, []]));
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [at, { name }] of kinds.entries()) {
      const took = await tasks[at]!();
      if (turn > 0) ms[name]?.push(took);
    }
  }
  return ms;
}

async function speed(measured: ModelCase): Promise<SpeedFigures> {
  const { kinds } = measured;
  const decoders = [];
  for (const kind of kinds) decoders.push(await decoderOf(kind));
  const decodeMs = await byTurns(kinds, decoders);
  let [pairs, tokens, steps] = [0, 0, 0];
  const steppers: (() => Promise<number>)[] = [];
  for (const kind of kinds) {
    const { step } = await stepperOf(measured, kind);
    steppers.push(async () => {
      const startedMs = performance.now();
      const taken = await step();
      pairs += taken.pairs;
      tokens += taken.tokens;
      steps += 1;
      return performance.now() - startedMs;
    });
  }
  const stepMs = await byTurns(kinds, steppers);
  return { stepMs, decodeMs, pairsPerStep: pairs / steps, tokensPerStep: tokens / steps };
}

const measured = JSON.parse(process.argv[2] ?? '{}') as ModelCase;
process.stdout.write(
  JSON.stringify(await (measured.part === 'learning' ? learning(measured) : speed(measured))),
);
