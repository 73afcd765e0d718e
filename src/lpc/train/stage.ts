/** What a stage runs on: its programs, and hidden states where the backbone rests. */
import type { NamedData } from '#compute/program.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { encodedLength } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import type { ProgramOptions, Stage } from '../programs/policy.ts';
import { statesProgram } from '../programs/statesProgram.ts';
import { trainProgram } from '../programs/trainProgram.ts';
import { phase } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import { optionsFor, type ReadyProgram, ready } from './programs.ts';
import { backboneStart } from './schedule.ts';
import { cachesStates, computeStates, type StateCache } from './stateCache.ts';

export interface StagePrograms {
  readonly stage: Stage;
  readonly train: ReadyProgram;
  readonly evaluate: ReadyProgram;
  /** Inputs of a row: its tokens, and its hidden states where they are known. */
  rowInputs(row: PackedRow): NamedData;
  /** Milliseconds of a row through the backbone at rest, where it was measured. */
  readonly forwardMs: number | null;
  dispose(): Promise<void>;
}

function wantsStates({ config, training, heldOut, shape, model }: PreparedRun, stage: Stage): boolean {
  if (stage !== 'heads') return false;
  const tokens = training.reduce((sum, pair) => sum + encodedLength(pair), 0);
  const pairs = [...training, ...heldOut];
  return cachesStates(pairs, model.config.hiddenSize, backboneStart(config), tokens / shape.tokens);
}

async function* knownStates(
  run: PreparedRun,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, StateCache | null> {
  const program = await ready(run.engine, statesProgram(optionsFor(run, 'heads')));
  try {
    const pairs = [...run.training, ...run.heldOut];
    return yield* computeStates(pairs, run.shape, run.model.config.hiddenSize, program, stop);
  } finally {
    await program.dispose();
  }
}

/** Compiles a stage's programs, and computes hidden states first where they will be read more than once. */
export async function* openStage(
  run: PreparedRun,
  stage: Stage,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, StagePrograms> {
  const states = wantsStates(run, stage) ? yield* knownStates(run, stop) : null;
  const options: ProgramOptions = {
    ...optionsFor(run, stage),
    statesFrom: states === null ? 'row' : 'inputs',
  };
  yield phase('compile', 0, 2);
  const train = await ready(run.engine, trainProgram(options));
  yield phase('compile', 1, 2);
  const evaluate = await ready(run.engine, evaluationProgram(options));
  yield phase('compile', 2, 2);
  return {
    stage,
    train,
    evaluate,
    forwardMs: states?.msPerRow ?? null,
    rowInputs: (row) => (states === null ? row.inputs : { ...row.inputs, ...states.inputsOf(row) }),
    async dispose() {
      await train.dispose();
      await evaluate.dispose();
    },
  };
}
