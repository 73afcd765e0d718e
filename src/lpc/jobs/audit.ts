/** Labels against what the other labels say: each judged by a fit that knows none of its prompt. */
import type { AuditedLabel, AuditJob, AuditResult } from '#core/jobs.ts';
import { learnsFromSingles } from '#core/methods.ts';
import { ROBUST_RUN } from '#core/presets.ts';
import { shuffle } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { fitJudge, foldOfPrompts, type Judge, marginsBy, pairsAt } from '../audit/outOfFold.ts';
import { type EncodedPair, isPair } from '../packing/encode.ts';
import { breathe, phase } from '../train/phases.ts';
import { prepareRun } from '../train/prepare.ts';
import { type FeatureReader, openFeatures } from '../train/warmStart.ts';
import { stopped } from './stopped.ts';

/** More pairs than this tell directions and codes no better; a draw of them is fitted. */
const MOST_FITTED = 4096;
/** Read at once: what is held in memory. */
const PIECE_PAIRS = 1024;

/** Codes that can be fitted to features of replies: read and written in directions, at the LM head, by a linear prior. */
const canBeFitted = (latent: LatentConfig): boolean =>
  latent.kind === 'codebook' &&
  latent.injection === 'head' &&
  latent.priorNetwork === 'linear' &&
  latent.promptDirections > 0 &&
  latent.codeDirections > 0;

/** The run's cuts, averages and pooling, with its own codes where they can be fitted, else those of the robust setting. */
function judging(config: RunConfig): RunConfig & { readonly latent: LatentConfig } {
  const { latent } = config;
  const robust = ROBUST_RUN.latent as LatentConfig;
  return {
    ...config,
    ...(learnsFromSingles(config) && { objective: 'dpo' }),
    trainable: 'heads',
    latent:
      latent === null || !canBeFitted(latent)
        ? { ...robust, pooling: latent?.pooling ?? robust.pooling }
        : latent,
  };
}

async function* fitFolds(
  features: FeatureReader,
  pairs: readonly EncodedPair[],
  foldOf: ReadonlyMap<string, number>,
  { folds, config }: Pick<AuditJob, 'folds'> & { readonly config: RunConfig },
  stop: AbortSignal,
): AsyncGenerator<RunFrame, Judge[]> {
  const { seed } = config;
  const drawn = shuffle({ seed, stream: 'audit.pairs', counter: 0 }, pairs).slice(0, MOST_FITTED);
  const read = await features.read(drawn);
  const judges: Judge[] = [];
  for (let fold = 0; fold < folds; fold++) {
    yield phase('warm-start', fold, folds);
    await breathe();
    if (stop.aborted) throw stopped();
    const places = [...drawn.keys()].filter(
      (place) => foldOf.get((drawn[place] as EncodedPair).promptId) !== fold,
    );
    judges.push(fitJudge(pairsAt(read, places), config.latent as LatentConfig, seed));
  }
  yield phase('warm-start', folds, folds);
  return judges;
}

async function* judgeAll(
  features: FeatureReader,
  pairs: readonly EncodedPair[],
  foldOf: ReadonlyMap<string, number>,
  judges: readonly Judge[],
  stop: AbortSignal,
): AsyncGenerator<RunFrame, AuditedLabel[]> {
  const judged: AuditedLabel[] = [];
  for (const [fold, judge] of judges.entries()) {
    const own = pairs.filter(({ promptId }) => foldOf.get(promptId) === fold);
    for (let from = 0; from < own.length; from += PIECE_PAIRS) {
      yield phase('evaluate', judged.length, pairs.length);
      await breathe();
      if (stop.aborted) throw stopped();
      const piece = own.slice(from, from + PIECE_PAIRS);
      const margins = marginsBy(judge, await features.read(piece));
      for (const [place, { pairId }] of piece.entries())
        judged.push({ pairId, margin: margins[place] as number });
    }
  }
  yield phase('evaluate', pairs.length, pairs.length);
  return judged;
}

/** Throws `job.stopped` where asked to end, `audit.too-few-prompts` and `audit.no-room`. */
export async function* auditJob(job: AuditJob, stop: AbortSignal): AsyncGenerator<RunFrame, AuditResult> {
  const { folds, outputPath, limit } = job;
  const config = judging(job.config);
  const run = yield* prepareRun({ ...job, kind: 'train', config }, stop);
  try {
    const pairs = [...run.training, ...run.heldOut].filter(isPair);
    const foldOf = foldOfPrompts(
      pairs.map(({ promptId }) => promptId),
      folds,
      config.seed,
    );
    const features = yield* openFeatures(run, pairs, null, stop);
    if (features === null && stop.aborted) throw stopped();
    if (features === null)
      throw new FacetError({
        code: 'audit.no-room',
        message: 'Neither memory nor disk has room for the features of the replies.',
        fix: 'Make room on the disk that holds the project.',
      });
    try {
      const judges = yield* fitFolds(features, pairs, foldOf, { folds, config }, stop);
      const judged = yield* judgeAll(features, pairs, foldOf, judges, stop);
      // Pairs with the same margin stand in an order that is theirs.
      judged.sort((a, b) => a.margin - b.margin || (a.pairId < b.pairId ? -1 : 1));
      await writeJsonLines(outputPath, judged.slice(0, limit));
      return {
        pairs: judged.length,
        leftOut: run.pairsRead - judged.length,
        folds,
        contradicted: judged.filter(({ margin }) => margin <= 0).length,
        outputPath,
      };
    } finally {
      await features.dispose();
    }
  } finally {
    await run.engine.dispose();
  }
}
