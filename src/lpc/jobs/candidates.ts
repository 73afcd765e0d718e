/** Candidates for the robust setting, fitted to the linear rewards of the same pairs and scored on prompts set aside. */
import type { CandidateScore, CandidatesJob, CandidatesResult } from '#core/jobs.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { heldOutPrompts } from '#core/split.ts';
import { factorRecovery, mean } from '#core/statistics.ts';
import { candidatesFor } from '../candidates/candidates.ts';
import {
  featuresOf as asFitted,
  type Candidate,
  fitCandidate,
  ITERATIONS,
  predicted,
} from '../candidates/fit.ts';
import { logSigmoid } from '../candidates/objective.ts';
import { codeDirections, promptDirections } from '../method/directions.ts';
import { breathe, phase } from '../train/phases.ts';
import { type PreparedRun, prepareRun } from '../train/prepare.ts';
import { stageHiddenStates } from '../train/stage.ts';
import { byPrompt, type Features, featuresOf } from '../train/warmStart.ts';
import { type Matrix, rowsAt, rowViews } from '../warmStart/matrix.ts';
import type { MixtureData } from '../warmStart/mixture.ts';
import { whiten, whitened } from '../warmStart/whiten.ts';
import { stopped } from './stopped.ts';

/** Share of the prompts that a split sets aside. */
const ASIDE = 0.25;

interface Split {
  readonly fitted: MixtureData;
  readonly aside: MixtureData;
  readonly asideSources: readonly string[];
}

const subset = (of: Features, places: readonly number[]): Features => ({
  prompts: rowsAt(of.prompts, places),
  differences: rowsAt(of.differences, places),
  promptIds: places.map((place) => of.promptIds[place] as string),
});

/** Directions and scales are those of the pairs that are fitted alone. */
function splitOf(all: Features, run: PreparedRun, seed: number): Split {
  const { config, model, training, originOf } = run;
  const latent = config.latent as LatentConfig;
  const { hiddenSize } = model.config;
  const held = heldOutPrompts(all.promptIds, ASIDE, seed);
  const places = [...all.promptIds.keys()];
  const isAside = (place: number): boolean => held.has(all.promptIds[place] as string);
  const [rest, out] = [places.filter((place) => !isAside(place)), places.filter(isAside)];
  const fitted = subset(all, rest);
  const prompt = whiten(byPrompt(fitted), promptDirections(latent, hiddenSize), true);
  const codes = whiten(fitted.differences, codeDirections(latent, hiddenSize), false);
  const read = (of: Features): MixtureData => ({
    prompts: whitened(of.prompts, prompt),
    differences: whitened(of.differences, codes),
  });
  const sources = new Map(training.map(({ pairId, promptId }) => [promptId, originOf(pairId).source]));
  return {
    fitted: read(fitted),
    aside: read(subset(all, out)),
    asideSources: out.map((place) => sources.get(all.promptIds[place] as string) ?? ''),
  };
}

const strongest = (weights: Matrix): number[] =>
  rowViews(weights).map((row) => row.indexOf(Math.max(...row)));

async function scoreOn({ fitted, aside, asideSources }: Split, candidate: Candidate, seed: number) {
  const startedAt = performance.now();
  const parameters = await fitCandidate(fitted, candidate, seed, breathe);
  const seconds = (performance.now() - startedAt) / 1000;
  const { margins, priors } = predicted(asFitted(aside), parameters, candidate);
  const codes = strongest(priors);
  return {
    accuracy: mean(margins.map((margin) => Number(margin > 0))),
    loss: mean(margins.map((margin) => -logSigmoid(margin))),
    recovery: factorRecovery(codes, asideSources),
    codesInUse: new Set(codes).size,
    seconds,
  };
}

/** Throws `job.stopped` where asked to end. */
export async function* candidatesJob(
  job: CandidatesJob,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, CandidatesResult> {
  const { splits, ...given } = job;
  const config: RunConfig = { ...job.config, trainable: 'heads' };
  const run = yield* prepareRun({ ...given, kind: 'train', config });
  try {
    const states = yield* stageHiddenStates(run, 'heads', stop);
    const all = yield* featuresOf(run, states, stop);
    await states?.dispose();
    if (all === null) throw stopped();
    const candidates = candidatesFor(config.latent as LatentConfig);
    const total = splits * candidates.length;
    const found = candidates.map((): Awaited<ReturnType<typeof scoreOn>>[] => []);
    for (let seed = 1; seed <= splits; seed++) {
      const split = splitOf(all, run, seed);
      for (const [place, candidate] of candidates.entries()) {
        yield phase('warm-start', (seed - 1) * candidates.length + place, total);
        if (stop.aborted) throw stopped();
        found[place]?.push(await scoreOn(split, candidate, seed));
      }
    }
    yield phase('warm-start', total, total);
    return {
      iterations: ITERATIONS,
      pairs: all.promptIds.length,
      candidates: candidates.map(({ name }, place): CandidateScore => {
        const own = found[place] ?? [];
        const of = (key: 'accuracy' | 'loss' | 'recovery' | 'codesInUse' | 'seconds'): number =>
          mean(own.map((score) => score[key]));
        return {
          name,
          accuracy: of('accuracy'),
          accuracyBySplit: own.map(({ accuracy }) => accuracy),
          loss: of('loss'),
          recovery: of('recovery'),
          codesInUse: of('codesInUse'),
          seconds: of('seconds'),
        };
      }),
    };
  } finally {
    await run.engine.dispose();
  }
}
