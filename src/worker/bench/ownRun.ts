/** Any model and any pairs on any engine, through the programs that a run trains with. */

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FacetError } from '#core/result.ts';
import { DEFAULT_RUN, type EngineChoice, type RunConfig, type Trainable } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { encodedLength } from '#lpc/packing/encode.ts';
import { type PreparedRun, prepareRun } from '#lpc/train/prepare.ts';
import { optionsFor } from '#lpc/train/programs.ts';
import { rowOrder } from '#lpc/train/rows.ts';
import { openStepRunner } from '#lpc/train/stepRunner.ts';
import { readBenchPairs } from './pairs.ts';
import { median } from './trainer.ts';

export interface OwnRunOptions {
  readonly modelDir: string;
  readonly dataFile: string;
  readonly trainable: Trainable;
  readonly engine: EngineChoice;
  readonly tokenBudget: number;
  readonly onProgress: (text: string) => void;
}

export interface OwnRunBench {
  readonly engine: string;
  readonly device: string;
  readonly trainable: Trainable;
  readonly tokenBudget: number;
  readonly tokensPerSecond: number;
  readonly pairsPerSecond: number;
  readonly msPerStep: number;
  /** Largest resident size of the process. */
  readonly peakMemoryBytes: number;
  readonly steps: number;
  /** Share of the rows' tokens that are padding. */
  readonly padding: number;
}

const WARM_UP_STEPS = 3;
const STEPS = 20;

export function requireFile(path: string, what: string): void {
  if (existsSync(path)) return;
  throw new FacetError({
    code: 'bench.absent',
    message: `The ${what} ${path} does not exist.`,
    fix: `Give the path of a ${what} that is there.`,
    where: { file: path },
  });
}

export async function prepared(
  frames: AsyncGenerator<RunFrame, PreparedRun>,
  onProgress: (text: string) => void,
): Promise<PreparedRun> {
  for (;;) {
    const next = await frames.next();
    if (next.done) return next.value;
    if (next.value.type === 'warning') onProgress(`warning: ${next.value.message} ${next.value.fix ?? ''}`);
    if (next.value.type === 'engine' && next.value.fallback) onProgress(next.value.fallback);
  }
}

export async function benchOwnRun(options: OwnRunOptions): Promise<OwnRunBench> {
  const { modelDir, dataFile, trainable, engine, tokenBudget, onProgress } = options;
  requireFile(modelDir, 'model folder');
  requireFile(dataFile, 'pair file');
  const root = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  try {
    const datasetPath = join(root, 'pairs.jsonl');
    const pairs = readBenchPairs(dataFile);
    await writeJsonLines(datasetPath, pairs);
    const steps = WARM_UP_STEPS + STEPS;
    const config: RunConfig = {
      ...DEFAULT_RUN,
      ...{ trainable, engine, tokenBudget, steps, headsFirst: 0, evaluateEvery: 0 },
    };
    const run = await prepared(
      prepareRun({
        kind: 'train',
        config,
        modelDir,
        datasetPath,
        runDir: join(root, 'run'),
        cacheDir: join(root, 'cache'),
      }),
      onProgress,
    );
    try {
      return await measured(run, onProgress);
    } finally {
      await run.engine.dispose();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function measured(run: PreparedRun, onProgress: (text: string) => void): Promise<OwnRunBench> {
  const { config, engine, shape } = run;
  const stage = config.trainable === 'heads' ? 'heads' : 'all';
  onProgress(`${engine.name} on ${engine.device}: compiling a step of ${shape.tokens} tokens`);
  const runner = await openStepRunner(engine, { ...optionsFor(run, stage), hiddenStatesFrom: 'row' }, null);
  const rows = rowOrder(run.training, shape, { ...config, accumulation: 1, batchPairs: null });
  const times: number[] = [];
  let [tokens, pairs, milliseconds] = [0, 0, 0];
  for (let step = 0; step < config.steps; step++) {
    const row = rows.take()[0]!;
    const startedMs = performance.now();
    await runner.run(step, [row], ({ inputs }) => inputs);
    const tookMs = performance.now() - startedMs;
    if (step < WARM_UP_STEPS) continue;
    times.push(tookMs);
    milliseconds += tookMs;
    pairs += row.pairs.length;
    tokens += row.pairs.reduce((sum, pair) => sum + encodedLength(pair), 0);
  }
  await runner.dispose();
  return {
    engine: engine.name,
    device: engine.device,
    trainable: config.trainable,
    tokenBudget: shape.tokens,
    tokensPerSecond: (1000 * tokens) / milliseconds,
    pairsPerSecond: (1000 * pairs) / milliseconds,
    msPerStep: median(times),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    steps: times.length,
    padding: 1 - tokens / (times.length * shape.tokens),
  };
}
