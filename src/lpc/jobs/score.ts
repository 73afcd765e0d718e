import type { PairResult, ScoreJob, ScoreResult } from '#core/jobs.ts';
import { OBJECTIVE_FACTS } from '#core/methods.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { mean } from '#core/statistics.ts';
import { hashFile, hashText } from '#disk/hash.ts';
import { readJsonLines } from '#disk/lines.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape, type RowShape } from '../packing/shape.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { verifyCheckpoint } from '../train/checkpoint.ts';
import { accuracyOf, measuredPairs } from '../train/evaluation.ts';
import { inferenceNoise } from '../train/noise.ts';
import { breathe, phase } from '../train/phases.ts';
import { openModel } from '../train/prepare.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { referenceKey } from '../train/referenceCache.ts';
import { referenceData } from '../train/rows.ts';
import { PieceFile } from './PieceFile.ts';
import type { Policy } from './policy.ts';
import { encodeFile, type Opened, openReferences } from './scoring.ts';
import { stopped } from './stopped.ts';
import { leasePolicy } from './warm.ts';

/** Pairs taken through at once: what a stop or a crash can lose. */
const PIECE_PAIRS = 256;

interface Scorer {
  /** Results of some of the pairs, in their order; null when asked to stop. */
  score(pairs: readonly EncodedPair[]): Promise<PairResult[]>;
  dispose(): Promise<void>;
}

/**
 * By the base model, which is its own reference, a margin of the objective would be 0: given instead are
 * log π(chosen) − log π(rejected) and the two log-probabilities as rewards, in nats, not scaled by β.
 */
async function baseScorer(job: ScoreJob, opened: Opened, shape: RowShape): Promise<Scorer> {
  const references = await openReferences(job, DEFAULT_RUN, opened, shape);
  return {
    async score(pairs) {
      const known = await references.of(pairs);
      return pairs.map((pair) => {
        const [chosen, rejected] = known.get(referenceKey(pair)) as readonly [number, number];
        return {
          pairId: pair.pairId,
          margin: chosen - rejected,
          rewardChosen: chosen,
          rewardRejected: rejected,
          logpChosen: chosen,
          logpRejected: rejected,
          posteriorMargin: null,
          swappedMargin: null,
          kl: null,
          prior: null,
          posterior: null,
        };
      });
    },
    dispose: async () => {
      await references.dispose();
    },
  };
}

async function policyScorer(job: ScoreJob, policy: Policy, shape: RowShape): Promise<Scorer> {
  const { config, model, engine, stage } = policy;
  const references = OBJECTIVE_FACTS[config.objective].readsReference
    ? await openReferences(job, config, policy, shape)
    : null;
  const program = await ready(engine, evaluationProgram(optionsFor({ config, model, shape }, stage)));
  const slots = { pairs: shape.pairs, hiddenSize: model.config.hiddenSize };
  return {
    async score(pairs) {
      const known = references && (await references.of(pairs));
      const results = new Map<string, PairResult>();
      for (const row of packRows(pairs, shape)) {
        const outputs = await program.run({
          ...row.inputs,
          ...referenceData(row, known),
          ...inferenceNoise(config, row.pairs, slots),
        });
        for (const { result } of measuredPairs(row, outputs, config)) {
          results.set(result.pairId, result);
        }
      }
      return pairs.map(({ pairId }) => results.get(pairId) as PairResult);
    },
    async dispose() {
      await program.dispose();
      await references?.dispose();
    },
  };
}

/** Raised when a row holds something else than before: pieces of both kinds are never mixed. */
const ROW_FORMAT = 2;

/** What the results depend on. */
async function fingerprintOf(job: ScoreJob): Promise<string> {
  const checkpoint = job.checkpointDir && (await verifyCheckpoint(job.checkpointDir)).sha256;
  const model = await modelFingerprint(job.modelDir, job.cacheDir);
  return hashText(
    JSON.stringify([ROW_FORMAT, await hashFile(job.datasetPath), model, checkpoint, job.engine]),
  );
}

/** Scores what is not there yet, piece by piece. */
async function* inPieces(
  job: ScoreJob,
  encoded: readonly EncodedPair[],
  scorer: Scorer,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, void> {
  const pieces = await PieceFile.open(job.outputPath, await fingerprintOf(job));
  try {
    yield phase('evaluate', pieces.items, encoded.length);
    while (pieces.items < encoded.length) {
      if (stop.aborted) throw stopped();
      const results = await scorer.score(encoded.slice(pieces.items, pieces.items + PIECE_PAIRS));
      const lines = results.map((result) => `${JSON.stringify(result)}\n`).join('');
      await pieces.append(Buffer.from(lines), results.length);
      yield phase('evaluate', pieces.items, encoded.length);
      await breathe();
    }
    await pieces.finish();
  } finally {
    await pieces.close();
  }
}

async function* scoreAll(job: ScoreJob, stop: AbortSignal): AsyncGenerator<RunFrame, void> {
  if (job.checkpointDir === null) {
    const opened = await openModel(job.modelDir);
    const encoded = yield* encodeFile(job.datasetPath, opened, DEFAULT_RUN);
    const scorer = await baseScorer(job, opened, chooseShape(encoded, DEFAULT_RUN.tokenBudget));
    try {
      return yield* inPieces(job, encoded, scorer, stop);
    } finally {
      await scorer.dispose();
    }
  }
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    yield policy.engineFrame;
    const encoded = yield* encodeFile(job.datasetPath, policy, policy.config);
    const scorer = await policyScorer(job, policy, chooseShape(encoded, policy.config.tokenBudget));
    try {
      yield* inPieces(job, encoded, scorer, stop);
    } finally {
      await scorer.dispose();
    }
  } finally {
    await release();
  }
}

/** Rows of the result are in the order of the pair file. */
export async function* scoreJob(job: ScoreJob, stop: AbortSignal): AsyncGenerator<RunFrame, ScoreResult> {
  yield* scoreAll(job, stop);
  const margins: number[] = [];
  for await (const { margin } of readJsonLines(job.outputPath, (row) => row as PairResult))
    margins.push(margin);
  return {
    pairs: margins.length,
    accuracy: accuracyOf(margins),
    margin: mean(margins),
    outputPath: job.outputPath,
  };
}
