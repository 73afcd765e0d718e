/** One engine with the reference step compiled on it. */
import { createEngine, type Engine, type EngineOptions } from '#compute/index.ts';
import type { CompiledProgram, NamedData } from '#compute/program.ts';
import { unwrap } from '#core/result.ts';
import type { EngineName, Trainable } from '#core/runConfig.ts';
import { trainProgram } from '#lpc/programs/trainProgram.ts';
import {
  type BenchSize,
  backboneOf,
  configOf,
  initialState,
  randomWeights,
  shapeOf,
  stepData,
} from './reference.ts';

export interface Trainer {
  readonly engine: Engine;
  readonly program: CompiledProgram;
  /** Milliseconds from nothing to a compiled step, weights included. */
  readonly readyMs: number;
  /** One step on row `index`; outputs as `trainProgram` says. */
  step(index: number): Promise<NamedData>;
  dispose(): Promise<void>;
}

export async function makeTrainer(
  name: EngineName,
  size: BenchSize,
  trainable: Trainable,
  engineOptions: EngineOptions = {},
): Promise<Trainer> {
  const config = configOf(trainable, size.tokens);
  const backbone = backboneOf(size);
  const weights = randomWeights(backbone, 1);
  const startedMs = performance.now();
  const { engine } = unwrap(await createEngine(name, engineOptions));
  const inState = trainable === 'full';
  if (!inState) await engine.setConstants(weights);
  await engine.setState(initialState(config, backbone, weights));
  const options = {
    backbone,
    shape: shapeOf(size),
    config,
    weightsIn: inState ? 'state' : 'constants',
    stage: trainable === 'heads' ? 'heads' : 'all',
  } as const;
  const program = await engine.compile(trainProgram(options));
  return {
    engine,
    program,
    readyMs: performance.now() - startedMs,
    step: (index) => program.run(stepData(size, config, index)),
    async dispose() {
      await program.dispose();
      await engine.dispose();
    },
  };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
};

/** Largest relative difference of two trainers' losses over `steps`. */
export async function lossGap(left: Trainer, right: Trainer, steps: number): Promise<number> {
  let largest = 0;
  for (let step = 0; step < steps; step++) {
    const a = (await left.step(step)).loss?.[0] ?? Number.NaN;
    const b = (await right.step(step)).loss?.[0] ?? Number.NaN;
    const gap = Math.abs(a - b) / Math.max(Math.abs(b), 1e-3);
    // NaN is the largest gap of all.
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}
