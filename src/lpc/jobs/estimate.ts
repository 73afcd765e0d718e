/** Memory and time of a run, before it takes either. */

import type { EstimateJob, EstimateResult } from '#core/jobs.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { requireRules } from '#core/runRules.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { type EncodedPair, encodePair, summariseCuts } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape, type RowShape } from '../packing/shape.ts';
import { readPairs } from '../train/dataset.ts';
import { setInitialEngineState } from '../train/initialEngineState.ts';
import { peakBytes, trainableParameters } from '../train/memory.ts';
import { eachWithProgress, phase } from '../train/phases.ts';
import { encodeLimits, openEngine, openModel } from '../train/prepare.ts';
import { optionsFor } from '../train/programs.ts';
import { stepsOfEpochs } from '../train/rows.ts';
import { backboneStart, stagesOf } from '../train/schedule.ts';
import { openStepRunner } from '../train/stepRunner.ts';

/** A step is measured where the model is small enough to load and run in seconds. */
const MEASURED_PARAMETERS = 20_000_000;
/** Milliseconds of a step in each stage, the second run of each: the first one takes memory. */
async function secondsOf(
  config: RunConfig,
  model: ModelFolder,
  shape: RowShape,
  encoded: readonly EncodedPair[],
): Promise<number | null> {
  const [row] = packRows(encoded, shape);
  if (!row) return null;
  const { engine } = await openEngine(config.engine);
  try {
    await setInitialEngineState(engine, config, model);
    let totalMs = 0;
    for (const stage of stagesOf(config)) {
      const options = optionsFor({ config, model, shape }, stage);
      const runner = await openStepRunner(engine, options, null);
      const step = stage === 'heads' ? 0 : backboneStart(config);
      const rows = Array.from({ length: config.accumulation }, () => row);
      const run = () => runner.run(step, rows, (one) => one.inputs);
      await run();
      const startedMs = performance.now();
      await run();
      const steps = stage === 'heads' ? backboneStart(config) : config.steps - backboneStart(config);
      totalMs += steps * (performance.now() - startedMs);
      await runner.dispose();
    }
    return totalMs / 1000;
  } finally {
    await engine.dispose();
  }
}

/** Steps that the run will take: as asked for, or of the epochs over the share of the pairs that is trained on. */
function stepsOf(config: RunConfig, encoded: readonly EncodedPair[], shape: RowShape): number {
  const { epochs, heldOutShare } = config;
  if (epochs === null) return config.steps;
  return stepsOfEpochs(encoded, shape, { ...config, epochs: epochs * (1 - heldOutShare) });
}

/** Steps alone are timed; evaluations and the reference come on top. */
export async function* estimateJob(job: EstimateJob): AsyncGenerator<RunFrame, EstimateResult> {
  const { modelDir, datasetPath } = job;
  const { config: asked } = job;
  requireRules(asked);
  const { model, tokenizer } = await openModel(modelDir);
  const limits = encodeLimits(asked, model);
  const encoded: EncodedPair[] = [];
  yield* eachWithProgress('tokenise', await readPairs(datasetPath), (pair) => {
    encoded.push(encodePair(tokenizer, pair, limits));
  });
  const { tokens, pairsCut } = summariseCuts(encoded);
  const shape = chooseShape(encoded, asked.tokenBudget);
  const config: RunConfig = { ...asked, steps: stepsOf(asked, encoded, shape) };
  const isSmall = model.info.parameters <= MEASURED_PARAMETERS;
  if (isSmall) yield phase('train', 0, 1, 'Measuring a step.');
  return {
    peakBytes: peakBytes({ config, model, shape, pairs: encoded }),
    trainableParameters: trainableParameters(config, model),
    pairs: encoded.length,
    tokens,
    pairsTooLong: pairsCut,
    secondsTotal: isSmall ? await secondsOf(config, model, shape, encoded) : null,
  };
}
