/** Memory and time of a run, before it takes either. */

import type { EstimateJob, EstimateResult } from '#core/jobs.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { RunFrame, WarningFrame } from '#core/runFrames.ts';
import { requireRules } from '#core/runRules.ts';
import { type EncodedPair, encodePair, summariseCuts } from '../packing/encode.ts';
import { equalRepliesWarning, withoutEqualReplies } from '../packing/equalReplies.ts';
import { chooseShape, type RowShape } from '../packing/shape.ts';
import { readPairs } from '../train/dataset.ts';
import { encodeAll } from '../train/encodeAll.ts';
import { examplesFor, limitsFor } from '../train/examples.ts';
import { peakBytes, trainableParameters } from '../train/memory.ts';
import { phase } from '../train/phases.ts';
import { encodeLimits, openModel, openReference } from '../train/prepare.ts';
import { meanStep, stepsOfEpochs } from '../train/rows.ts';
import { startOfJob } from '../train/start.ts';
import { secondsOf } from './measureRun.ts';
import { stopped } from './stopped.ts';

/** Of larger models a short row is measured: no estimate should take longer than the look at it. */
const WHOLE_ROW_PARAMETERS = 20_000_000;
const SHORT_ROW_TOKENS = 256;
const SHORT_ROW_PAIRS = 64;

/** Steps that the run will take: as asked for, or of the epochs over the share of the pairs that is trained on. */
function stepsOf(config: RunConfig, encoded: readonly EncodedPair[], shape: RowShape): number {
  const { epochs, heldOutShare } = config;
  if (epochs === null) return config.steps;
  return stepsOfEpochs(encoded, shape, { ...config, epochs: epochs * (1 - heldOutShare) });
}

/** Steps and the pass that keeps hidden states are timed; evaluations and the reference come on top. */
export async function* estimateJob(
  job: EstimateJob,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, EstimateResult> {
  const { modelDir, datasetPath } = job;
  const { config: asked } = job;
  requireRules(asked);
  const { model, tokenizer } = await openModel(modelDir, asked, (opened) => startOfJob(job, opened, null));
  const whole = encodeLimits(asked, model);
  const limits = limitsFor(asked, whole);
  const pairs = await readPairs(datasetPath);
  const { encoded, refusedNote, complete } = yield* encodeAll(tokenizer, pairs, limits, stop);
  if (!complete) throw stopped();
  if (refusedNote !== null) yield phase('tokenise', encoded.length, encoded.length, refusedNote);
  const { tokens, tokensCut, pairsCut } = summariseCuts(encoded);
  const { differing: told, equalIds } = withoutEqualReplies(encoded);
  if (told.length === 0) {
    const { message, fix, suggestion } = equalRepliesWarning(
      equalIds,
      encoded.length,
      asked.maxReplyTokens,
    ) as WarningFrame;
    throw new FacetError({
      code: 'train.no-training-pairs',
      message,
      fix,
      ...(suggestion && { suggestion }),
    });
  }
  const { training: differing } = examplesFor(asked, { training: told, heldOut: [] }, whole);
  const shape = chooseShape(differing, asked.tokenBudget, asked.batchPairs);
  const config: RunConfig = { ...asked, steps: stepsOf(asked, differing, shape) };
  const reference = await openReference(config, tokenizer, differing);
  const bytes = peakBytes({ config, model, reference, shape, pairs: differing });
  const isShort = model.info.parameters <= WHOLE_ROW_PARAMETERS || shape.tokens <= SHORT_ROW_TOKENS;
  const writable = new Set(encoded.map(({ pairId }) => pairId));
  const shortPairs = isShort
    ? differing
    : pairs
        .filter(({ id }) => writable.has(id))
        .slice(0, SHORT_ROW_PAIRS)
        .map((pair) => encodePair(tokenizer, pair, { ...limits, tokenBudget: SHORT_ROW_TOKENS }));
  const short = isShort ? shape : chooseShape(shortPairs, SHORT_ROW_TOKENS);
  // What does not fit is not tried.
  const fits = bytes <= process.availableMemory();
  if (fits) yield phase('train', 0, 1, 'Measuring a step.');
  return {
    peakBytes: bytes,
    trainableParameters: trainableParameters(config, model),
    pairs: encoded.length,
    tokens,
    tokensCut,
    pairsCut,
    equalIds,
    steps: config.steps,
    pairsPerStep: meanStep(differing, shape, config).pairs,
    secondsTotal: fits
      ? await secondsOf(
          { config, model, shape, pairs: differing, short: { shape: short, pairs: shortPairs } },
          stop,
        )
      : null,
  };
}
