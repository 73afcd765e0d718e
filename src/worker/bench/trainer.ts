/** One engine with the reference step compiled on it. */
import { createEngine, type Engine } from '#compute/index.ts';
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

export async function makeTrainer(name: EngineName, size: BenchSize, trainable: Trainable): Promise<Trainer> {
  const config = configOf(trainable, size.tokens);
  const backbone = backboneOf(size);
  const weights = randomWeights(backbone, 1);
  const startedMs = performance.now();
  const { engine } = unwrap(await createEngine(name));
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

/** Median milliseconds of a step over `count` steps after `warmUp`. */
export async function stepMs(trainer: Trainer, count: number, warmUp: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < warmUp + count; index++) {
    const startedMs = performance.now();
    await trainer.step(index % 4);
    if (index >= warmUp) times.push(performance.now() - startedMs);
  }
  return median(times);
}
