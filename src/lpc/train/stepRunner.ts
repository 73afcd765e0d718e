/** One step of one or several rows, on the programs of a stage. */
import type { Engine, NamedData } from '#compute/program.ts';
import { sumsRows } from '#core/runConfig.ts';
import { labelledReplies } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';
import type { ProgramOptions } from '../programs/policy.ts';
import { stepInputs } from '../programs/stepInputs.ts';
import { accumulateProgram, applyProgram, trainProgram } from '../programs/trainProgram.ts';
import { dropoutOfRow, trainingNoise } from './noise.ts';
import { breathe } from './phases.ts';
import { type ReadyProgram, ready } from './programs.ts';
import { type References, referenceData } from './rows.ts';
import { stepSettings } from './schedule.ts';

export interface StepOutputs {
  /** Outputs of each row's program, in the order of the rows. */
  readonly rows: readonly NamedData[];
  readonly gradNorm: number;
}

/** Inputs of a row: its tokens, or its cached hidden states. */
export type RowInputs = (row: PackedRow) => NamedData | Promise<NamedData>;

export interface StepRunner {
  /**
   * Step with index `step`, from 0, on its rows. Moves the engine's state on. Asked to stop, it ends after the row
   * under way and gives null: of a step begun, the next one takes nothing over.
   */
  run(
    step: number,
    rows: readonly PackedRow[],
    rowInputs: RowInputs,
    stop?: AbortSignal,
  ): Promise<StepOutputs | null>;
  dispose(): Promise<void>;
}

/**
 * Rows of a step are summed in the engine, each pair weighing 1 / (pairs of the step): 1 × 8 pairs give the gradients of
 * 8 × 1, but for the batch-entropy bonus, which is worked out by row.
 */
export async function openStepRunner(
  engine: Engine,
  options: ProgramOptions,
  references: References | null,
  sums = sumsRows(options.config),
): Promise<StepRunner> {
  const { config, shape, backbone } = options;
  const single = !sums;
  const first: ReadyProgram = await ready(
    engine,
    single ? trainProgram(options) : accumulateProgram(options),
  );
  const apply: ReadyProgram | null = single ? null : await ready(engine, applyProgram(options));
  const slots = { pairs: shape.pairs, hiddenSize: backbone.hiddenSize };
  return {
    async run(step, rows, rowInputs, stop) {
      const all = rows.flatMap((row) => row.pairs);
      const examples = all.reduce((sum, pair) => sum + labelledReplies(pair), 0);
      const scalars = stepInputs(stepSettings(config, step), config);
      const outputs: NamedData[] = [];
      for (const [index, row] of rows.entries()) {
        if (index > 0) await breathe();
        if (stop?.aborted) return null;
        const inputs = {
          ...(await rowInputs(row)),
          ...scalars,
          ...referenceData(row, references),
          pairsInStep: Float32Array.of(all.length),
          examplesInStep: Float32Array.of(examples),
          carry: Float32Array.of(index === 0 ? 0 : 1),
          ...trainingNoise(config, step, row.pairs, slots),
          ...dropoutOfRow(options, step, index),
        };
        outputs.push(await first.run(inputs));
      }
      const { gradNorm } = apply ? await apply.run(scalars) : (outputs[0] as NamedData);
      return { rows: outputs, gradNorm: gradNorm?.[0] ?? Number.NaN };
    },
    async dispose() {
      await first.dispose();
      await apply?.dispose();
    },
  };
}
