/** Codes forced on the pairs of a file: what they do to labels that the run never saw. */
import { codesInUse } from '#core/causes/causes.ts';
import type { CausesJob, CausesResult } from '#core/jobs.ts';
import { codesOf, OBJECTIVE_FACTS } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { type ForcedMargins, forceCodes, meanMixture } from '../causes/forceCodes.ts';
import { MOST_CODES, strongestCode } from '../causes/measureCauses.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape, type RowShape } from '../packing/shape.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { type MeasuredPair, measuredPairs } from '../train/evaluation.ts';
import { inferenceNoise } from '../train/noise.ts';
import { eachWithProgress } from '../train/phases.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { type References, referenceData } from '../train/rows.ts';
import type { Policy } from './policy.ts';
import { encodeFile, openReferences } from './scoring.ts';
import { stopped } from './stopped.ts';
import { leasePolicy } from './warm.ts';

async function* measured(
  { config, model, engine, stage }: Policy,
  shape: RowShape,
  pairs: readonly EncodedPair[],
  references: References | null,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, MeasuredPair[]> {
  const program = await ready(engine, evaluationProgram(optionsFor({ config, model, shape }, stage)));
  const slots = { pairs: shape.pairs, hiddenSize: model.config.hiddenSize };
  const found: MeasuredPair[] = [];
  try {
    const measure = async (row: ReturnType<typeof packRows>[number]): Promise<void> => {
      const inputs = {
        ...row.inputs,
        ...referenceData(row, references),
        ...inferenceNoise(config, row.pairs, slots),
      };
      found.push(...measuredPairs(row, await program.run(inputs), config));
    };
    const { complete } = yield* eachWithProgress('evaluate', packRows(pairs, shape), measure, stop);
    if (!complete) throw stopped();
  } finally {
    await program.dispose();
  }
  return found;
}

async function* causesOfPolicy(
  job: CausesJob,
  policy: Policy,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, CausesResult> {
  const { config, model, engine, stage } = policy;
  const { latent } = config;
  if (latent === null || codesOf(config) === null)
    throw new FacetError({
      code: 'codes.no-codes',
      message: 'This run has no codes that could be forced.',
      fix: 'Choose a run with a codebook.',
    });
  const encoded = yield* encodeFile(job.datasetPath, policy, config);
  const shape = chooseShape(encoded, config.tokenBudget);
  const base = OBJECTIVE_FACTS[config.objective].readsReference
    ? await openReferences(job, config, policy, shape)
    : null;
  try {
    const references = base && (await base.of(encoded));
    const results = yield* measured(policy, shape, encoded, references, stop);
    const prompts = [...new Map(results.map((item) => [item.pair.promptId, item])).values()];
    const codes = codesInUse(prompts.map(strongestCode)).slice(0, MOST_CODES);
    const forced = yield* forceCodes(
      {
        engine,
        options: optionsFor({ config, model, shape }, stage),
        latent,
        references,
        codes,
        pairs: results.map(({ pair, prior }) => ({ pair, prior: prior as Float32Array })),
        shared: meanMixture(
          prompts.map(({ prior }) => prior as Float32Array),
          latent.codes,
        ),
        knownInputs: null,
      },
      stop,
    );
    if (forced === null) throw stopped();
    const byId = new Map(results.map((item) => [item.pair.pairId, item]));
    return {
      codes,
      pairs: encoded.map(({ pairId }) => {
        const item = byId.get(pairId) as MeasuredPair;
        const margins = forced.get(pairId) as ForcedMargins;
        return { pairId, strongest: strongestCode(item), margin: item.result.margin, ...margins };
      }),
    };
  } finally {
    await base?.dispose();
  }
}

/** Codes in use over the file's prompts, most used first, at most 16, each forced on every pair. */
export async function* causesJob(job: CausesJob, stop: AbortSignal): AsyncGenerator<RunFrame, CausesResult> {
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    yield policy.engineFrame;
    return yield* causesOfPolicy(job, policy, stop);
  } finally {
    await release();
  }
}
