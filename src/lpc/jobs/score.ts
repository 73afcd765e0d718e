/** Margins of a pair file, by a checkpoint or by the base model alone. */
import { createEngine } from '#compute/index.ts';
import type { Engine } from '#compute/program.ts';
import type { PairResult, ScoreJob, ScoreResult } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { mean } from '#core/statistics.ts';
import { type EncodedPair, encodePair, summariseCuts } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape } from '../packing/shape.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { referenceProgram } from '../programs/referenceProgram.ts';
import { writeFileAtomic } from '../train/atomicFolder.ts';
import { readPairs } from '../train/dataset.ts';
import { accuracyOf, measuredPairs } from '../train/evaluation.ts';
import { modelFingerprint } from '../train/fingerprint.ts';
import { eachWithProgress, phase } from '../train/phases.ts';
import { encodeLimits, openModel } from '../train/prepare.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { openReferenceCache, referenceKey } from '../train/referenceCache.ts';
import { referenceLogProbabilities } from '../train/references.ts';
import { type References, referenceInput } from '../train/rows.ts';
import { stopped } from './stopped.ts';
import { leasePolicy } from './warm.ts';

type Opened = Awaited<ReturnType<typeof openModel>>;

async function* encodeFile(
  file: string,
  { model, tokenizer }: Opened,
  config: RunConfig,
): AsyncGenerator<RunFrame, EncodedPair[]> {
  const encoded: EncodedPair[] = [];
  const limits = encodeLimits(config, model);
  yield* eachWithProgress('tokenise', await readPairs(file), (pair) => {
    encoded.push(encodePair(tokenizer, pair, limits));
  });
  const { note } = summariseCuts(encoded);
  if (note !== null) yield phase('tokenise', encoded.length, encoded.length, note);
  return encoded;
}

/** The base model's log-probabilities, on an engine of their own: a checkpoint's may hold trained weights. */
async function* baseReferences(
  job: ScoreJob,
  config: RunConfig,
  opened: Opened,
  encoded: readonly EncodedPair[],
  stop: AbortSignal,
): AsyncGenerator<RunFrame, References> {
  const { model } = opened;
  const cache = await openReferenceCache(job.cacheDir, await modelFingerprint(job.modelDir, job.cacheDir));
  const shape = chooseShape(encoded, config.tokenBudget);
  let engine: Engine | null = null;
  try {
    const found = yield* referenceLogProbabilities(
      cache,
      encoded,
      shape,
      async () => {
        engine = unwrap(await createEngine(job.engine)).engine;
        await engine.setConstants(model.tensors);
        const options = { ...optionsFor({ config, model, shape }, 'heads'), weightsIn: 'constants' as const };
        return ready(engine, referenceProgram(options));
      },
      stop,
    );
    if (found === null) throw stopped();
    return found;
  } finally {
    await (engine as Engine | null)?.dispose();
  }
}

/**
 * By the base model, which is its own reference, a margin of the objective would be 0: given instead are
 * log π(chosen) − log π(rejected) and the two log-probabilities as rewards, in nats, not scaled by β.
 */
async function* baseResults(job: ScoreJob, stop: AbortSignal): AsyncGenerator<RunFrame, PairResult[]> {
  const opened = await openModel(job.modelDir);
  const encoded = yield* encodeFile(job.datasetPath, opened, DEFAULT_RUN);
  const references = yield* baseReferences(job, DEFAULT_RUN, opened, encoded, stop);
  return encoded.map((pair) => {
    const [chosen, rejected] = references.get(referenceKey(pair)) as readonly [number, number];
    return {
      pairId: pair.pairId,
      margin: chosen - rejected,
      rewardChosen: chosen,
      rewardRejected: rejected,
      posteriorMargin: null,
      swappedMargin: null,
      kl: null,
    };
  });
}

async function* checkpointResults(
  job: ScoreJob,
  checkpointDir: string,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, PairResult[]> {
  const { policy, release } = await leasePolicy(job.modelDir, checkpointDir, job.engine);
  try {
    const { config, model, engine, stage } = policy;
    yield policy.engineFrame;
    const encoded = yield* encodeFile(job.datasetPath, policy, config);
    const references =
      config.objective === 'simpo' ? null : yield* baseReferences(job, config, policy, encoded, stop);
    const shape = chooseShape(encoded, config.tokenBudget);
    const program = await ready(engine, evaluationProgram(optionsFor({ config, model, shape }, stage)));
    try {
      const results = new Map<string, PairResult>();
      const { complete } = yield* eachWithProgress(
        'evaluate',
        packRows(encoded, shape),
        async (row) => {
          const outputs = await program.run({ ...row.inputs, reference: referenceInput(row, references) });
          const measured = measuredPairs(row, outputs, config.latent?.codes ?? null);
          for (const { result } of measured) results.set(result.pairId, result);
        },
        stop,
      );
      if (!complete) throw stopped();
      return encoded.map(({ pairId }) => results.get(pairId) as PairResult);
    } finally {
      await program.dispose();
    }
  } finally {
    await release();
  }
}

/** Rows of the result are in the order of the pair file. */
export async function* scoreJob(job: ScoreJob, stop: AbortSignal): AsyncGenerator<RunFrame, ScoreResult> {
  const results =
    job.checkpointDir === null
      ? yield* baseResults(job, stop)
      : yield* checkpointResults(job, job.checkpointDir, stop);
  const margins = results.map(({ margin }) => margin);
  await writeFileAtomic(
    job.outputPath,
    results.map((result) => `${JSON.stringify(result)}\n`),
  );
  return {
    pairs: results.length,
    accuracy: accuracyOf(margins),
    margin: mean(margins),
    outputPath: job.outputPath,
  };
}
