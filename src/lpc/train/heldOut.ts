/** Figures on a run's held-out pairs, as its weights now stand. */
import type { RunFrame } from '#core/runFrames.ts';
import { packRows } from '../packing/pack.ts';
import { type MeasuredPair, measuredPairs } from './evaluation.ts';
import { inferenceNoise } from './noise.ts';
import { eachWithProgress } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import { type References, referenceData } from './rows.ts';
import type { StagePrograms } from './stage.ts';

/** null where `until` came before the last pair. */
export async function* measureHeldOut(
  run: PreparedRun,
  references: References | null,
  programs: StagePrograms,
  until: AbortSignal,
): AsyncGenerator<RunFrame, MeasuredPair[] | null> {
  const measured: MeasuredPair[] = [];
  const { config, shape, model } = run;
  const slots = { pairs: shape.pairs, hiddenSize: model.config.hiddenSize };
  const { complete } = yield* eachWithProgress(
    'evaluate',
    packRows(run.heldOut, shape),
    async (row) => {
      const outputs = await programs.evaluate.run({
        ...(await programs.rowInputs(row)),
        ...referenceData(row, references),
        ...inferenceNoise(config, row.pairs, slots),
      });
      measured.push(...measuredPairs(row, outputs, config));
    },
    until,
  );
  return complete ? measured : null;
}
