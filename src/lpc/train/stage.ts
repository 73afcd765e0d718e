/** What a stage runs on: its programs, and hidden states where the backbone rests. */
import { codesOf } from '#core/methods.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { heldFingerprint } from '../backbone/heldWeights.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { hiddenStatesProgram } from '../programs/hiddenStatesProgram.ts';
import { injectedInto, type ProgramOptions, type Stage } from '../programs/policy.ts';
import { backbonePasses } from './backbonePasses.ts';
import {
  type HiddenStateCache,
  type HiddenStatesWanted,
  hiddenStateBytes,
  hiddenStateFolder,
  openHiddenStateCache,
  worthCaching,
} from './hiddenStateCache.ts';
import { hiddenStateLayout } from './hiddenStateLayout.ts';
import { phase } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import { optionsFor, type ReadyProgram, ready } from './programs.ts';
import { backboneRests, keepPromptStates, promptStatePlace } from './promptStates.ts';
import { promptKey } from './referenceCache.ts';
import { type References, stepsOfEpoch } from './rows.ts';
import { openStepRunner, type RowInputs, type StepRunner } from './stepRunner.ts';

export interface StagePrograms {
  readonly stage: Stage;
  readonly options: ProgramOptions;
  readonly train: StepRunner;
  readonly evaluate: ReadyProgram;
  /** Inputs of a row: its tokens, and its hidden states where they are known. */
  readonly rowInputs: RowInputs;
  /** Milliseconds of a row through the backbone at rest, where it was measured. */
  readonly forwardMs: number | null;
  dispose(): Promise<void>;
}

/** States to be cached in this stage, or null where that isn't worth it. */
function hiddenStatesWanted(run: PreparedRun, stage: Stage): HiddenStatesWanted | null {
  const { config, training, heldOut, shape, stepShape, model } = run;
  if (stage !== 'heads') return null;
  const below = injectedInto(optionsFor(run, stage))[0];
  const layout = hiddenStateLayout(
    model.config.hiddenSize,
    below !== undefined,
    config.latent?.pooling ?? 'last',
  );
  const pairs = [...training, ...heldOut];
  const passes = backbonePasses(run, {
    count: pairs.length,
    stepsPerEpoch: stepsOfEpoch(training, stepShape, config),
    heldOutShare: heldOut.length / pairs.length,
  });
  if (!worthCaching(hiddenStateBytes(layout, pairs), passes)) return null;
  const identity = [
    heldFingerprint(run.modelFingerprint, run.config.weights),
    below ?? 'head',
    run.engine.name,
  ].join(' ');
  return { pairs, shape, layout, identity, folder: hiddenStateFolder(run.cacheDir) };
}

/** Hidden states of the stage's pairs, where they will be read more than once; else null. To be disposed by the caller. */
export async function* stageHiddenStates(
  run: PreparedRun,
  stage: Stage,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, HiddenStateCache | null> {
  const wanted = hiddenStatesWanted(run, stage);
  if (!wanted) return null;
  const states = yield* openHiddenStateCache(
    wanted,
    () => ready(run.engine, hiddenStatesProgram(optionsFor(run, 'heads'))),
    stop,
  );
  const readsPrompts = backboneRests(run.config) && codesOf(run.config) !== null;
  if (states !== null && readsPrompts) {
    const keys = new Map(wanted.pairs.map((pair) => [promptKey(pair.prompt), pair]));
    await keepPromptStates(promptStatePlace(run.cacheDir, run), keys, (pair) => states.promptOf(pair));
  }
  return states;
}

/**
 * Compiles a stage's programs, and computes hidden states first where they will be read more than once; `known` are
 * those of the stage `heads` where they were computed before. The stage disposes of them.
 */
export async function* openStage(
  run: PreparedRun,
  references: References | null,
  stage: Stage,
  stop: AbortSignal,
  known: HiddenStateCache | null = null,
): AsyncGenerator<RunFrame, StagePrograms> {
  const states = known ?? (yield* stageHiddenStates(run, stage, stop));
  const options: ProgramOptions = {
    ...optionsFor(run, stage),
    hiddenStatesFrom: states === null ? 'row' : 'inputs',
  };
  yield phase('compile', 0, 2);
  const train = await openStepRunner(run.engine, options, references, run.sums);
  yield phase('compile', 1, 2);
  const evaluate = await ready(run.engine, evaluationProgram(options));
  yield phase('compile', 2, 2);
  return {
    stage,
    options,
    train,
    evaluate,
    forwardMs: states?.msPerRow ?? null,
    rowInputs: async (row) =>
      states === null ? row.inputs : { ...row.inputs, ...(await states.inputsOf(row)) },
    async dispose() {
      await train.dispose();
      await evaluate.dispose();
      await states?.dispose();
    },
  };
}
