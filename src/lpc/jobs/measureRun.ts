/** How long a run will take, from one short step on this machine. */
import { type RunConfig, sumsRows } from '#core/runConfig.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { hiddenStatesProgram } from '../programs/hiddenStatesProgram.ts';
import { injectedInto, type Stage } from '../programs/policy.ts';
import { hiddenStateLayout, hiddenStateSize, inputsOfPairs } from '../train/hiddenStateLayout.ts';
import { setInitialEngineState } from '../train/initialEngineState.ts';
import { keptStates } from '../train/memory.ts';
import { openEngine } from '../train/prepare.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { meanStep } from '../train/rows.ts';
import { backboneStart, stagesOf } from '../train/schedule.ts';
import { openStepRunner, type RowInputs } from '../train/stepRunner.ts';
import { stopped } from './stopped.ts';

/**
 * Work of a row, in multiply-adds: the blocks' weights once a token, the LM head once a reply token, attention once a pair of
 * tokens. What a short row took is scaled by it.
 */
export function rowWork({ info, config }: ModelFolder, { tokens, responses, span }: RowShape): number {
  const head = config.vocabulary * config.hiddenSize;
  const blocks = Math.max(0, info.parameters - head);
  return (
    tokens * blocks + responses * head + 2 * config.layers * config.hiddenSize * tokens * (span ?? tokens)
  );
}

/** With the states of its backbone known, a row costs the heads and the LM head. */
const knownWork = ({ config }: ModelFolder, { responses }: RowShape): number =>
  responses * config.vocabulary * config.hiddenSize;

export interface StepTimes {
  /** Of a step of one row, and of two; equal where a step has one row. */
  readonly one: number;
  readonly two: number;
}

/** Milliseconds of a step of `rows` rows, each `scale` times the work of the measured one. What follows the rows is not scaled. */
export function stepMs({ one, two }: StepTimes, rows: number, scale: number): number {
  if (rows === 1) return one * scale;
  const row = Math.max(0, two - one);
  return Math.max(0, one - row) + rows * scale * row;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  // The first run takes memory.
  await work();
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

export interface MeasuredRun {
  readonly config: RunConfig;
  readonly model: ModelFolder;
  /** Of the run, and its pairs. */
  readonly shape: RowShape;
  readonly pairs: readonly EncodedPair[];
  /** What is measured: a row of it, or the run's own. */
  readonly short: { readonly shape: RowShape; readonly pairs: readonly EncodedPair[] };
}

/** Known states of a row's pairs, all zero: their values cost the same. */
function zeroStates({ config, model }: MeasuredRun, shape: RowShape): RowInputs {
  const injected = injectedInto(optionsFor({ config, model, shape }, 'heads'))[0] !== undefined;
  const layout = hiddenStateLayout(model.config.hiddenSize, injected, config.latent?.pooling ?? 'last');
  return (row) => ({
    ...row.inputs,
    ...inputsOfPairs(
      layout,
      row,
      row.pairs.map((pair) => new Float32Array(hiddenStateSize(layout, pair))),
    ),
  });
}

/** Seconds of all steps and of the one pass that keeps the backbone's states. Throws `job.stopped`. */
export async function secondsOf(run: MeasuredRun, stop: AbortSignal): Promise<number | null> {
  const { config, model, shape, pairs, short } = run;
  const row = packRows(short.pairs, short.shape)[0];
  if (!row) return null;
  const check = (): void => {
    if (stop.aborted) throw stopped();
  };
  const { engine } = await openEngine(config.engine);
  try {
    await setInitialEngineState(engine, config, model);
    check();
    const sums = sumsRows(config);
    const rows = meanStep(pairs, shape, config).rows;
    const kept = keptStates({ config, model, shape, pairs }) !== null;
    const scale = rowWork(model, shape) / rowWork(model, short.shape);
    let totalMs = 0;
    const stageMs = async (stage: Stage): Promise<number> => {
      const known = stage === 'heads' && kept;
      const options = {
        ...optionsFor({ config, model, shape: short.shape }, stage),
        hiddenStatesFrom: known ? ('inputs' as const) : ('row' as const),
      };
      const runner = await openStepRunner(engine, options, null);
      try {
        const inputs: RowInputs = known ? zeroStates(run, short.shape) : ({ inputs: own }) => own;
        const step = stage === 'heads' ? 0 : backboneStart(config);
        const take = (count: number) => () =>
          runner.run(step, Array<PackedRow>(count).fill(row), inputs).then(check);
        const one = await timed(take(1));
        const two = sums ? await timed(take(2)) : one;
        const scaled = known ? knownWork(model, shape) / knownWork(model, short.shape) : scale;
        return stepMs({ one, two }, sums ? rows : 1, scaled);
      } finally {
        await runner.dispose();
      }
    };
    for (const stage of stagesOf(config)) {
      const steps = stage === 'heads' ? backboneStart(config) : config.steps - backboneStart(config);
      totalMs += steps * (await stageMs(stage));
      check();
    }
    if (kept) {
      const program = await ready(
        engine,
        hiddenStatesProgram(optionsFor({ config, model, shape: short.shape }, 'heads')),
      );
      try {
        totalMs += packRows(pairs, shape).length * scale * (await timed(() => program.run(row.inputs)));
      } finally {
        await program.dispose();
      }
    }
    return totalMs / 1000;
  } finally {
    await engine.dispose();
  }
}
