/**
 * What a run finds before its first step (ours): the directions that its latent is read and written in, and where it is
 * asked for, codes and prior fitted to the linear rewards that z is as long as it is small. Reads training pairs alone.
 */

import type { NamedData } from '#compute/program.ts';
import { scalesMeans, wrongLabelShare } from '#core/methods.ts';
import { shuffle } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { codeDirections, promptDirections } from '../method/directions.ts';
import { type EncodedPair, isPair } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { featuresProgram } from '../programs/featuresProgram.ts';
import { addScaled, type Matrix, matrix, rowOf, rowsAt } from '../warmStart/matrix.ts';
import { type SearchResult, searchMixture, searchParts } from '../warmStart/search.ts';
import { type Whitening, whiten, whitened } from '../warmStart/whiten.ts';
import {
  type HiddenStateCache,
  type HiddenStatesWanted,
  hiddenStateFolder,
  openHiddenStateCache,
} from './hiddenStateCache.ts';
import { featureLayout } from './hiddenStateLayout.ts';
import { breathe, phase } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import { optionsFor, ready } from './programs.ts';
import { valuesOf } from './warmStartValues.ts';

/** More pairs than this tell the directions no better; a draw of them is read. */
export const MOST_PAIRS = 2048;

export interface Features {
  /** h_x, (n, d). */
  readonly prompts: Matrix;
  /** What z earns between the replies of each pair, (n, d), β left out. */
  readonly differences: Matrix;
  readonly promptIds: readonly string[];
}

/** Whether anything has to be found before the first step. */
export function beginsWithSearch({ config, model }: Pick<PreparedRun, 'config' | 'model'>): boolean {
  const { latent } = config;
  const { hiddenSize } = model.config;
  return (
    latent !== null && (promptDirections(latent, hiddenSize) > 0 || codeDirections(latent, hiddenSize) > 0)
  );
}

/** Codes and prior can be fitted where both are linear in what was read. */
const warmStarts = (latent: LatentConfig, hiddenSize: number): boolean =>
  latent.warmStart &&
  latent.kind === 'codebook' &&
  latent.priorNetwork === 'linear' &&
  promptDirections(latent, hiddenSize) > 0 &&
  codeDirections(latent, hiddenSize) > 0;

function wantedFeatures(
  run: PreparedRun,
  pairs: readonly EncodedPair[],
  states: HiddenStateCache | null,
): HiddenStatesWanted {
  return {
    pairs,
    shape: run.shape,
    layout: featureLayout(run.model.config.hiddenSize),
    identity: [run.modelFingerprint, run.config.latent?.pooling, run.engine.name].join(' '),
    folder: hiddenStateFolder(run.cacheDir),
    name: 'features of the replies',
    ...(states && { inputsOf: async (row) => ({ ...row.inputs, ...(await states.inputsOf(row)) }) }),
  };
}

/** Directions of codes tell the replies of a pair apart; those of prompts are read from labels of single replies too. */
function readable({ config, model }: PreparedRun, pairs: readonly EncodedPair[]): readonly EncodedPair[] {
  const ofCodes = config.latent !== null && codeDirections(config.latent, model.config.hiddenSize) > 0;
  return ofCodes ? pairs.filter(isPair) : pairs;
}

function pairsRead(run: PreparedRun): readonly EncodedPair[] {
  const { config } = run;
  const training = readable(run, run.training);
  if (training.length === 0)
    throw new FacetError({
      code: 'train.directions-without-pairs',
      message:
        'Directions of codes and a warm start are found in what tells the two replies of a pair apart; these rows are single replies with a label.',
      fix: 'Set latent.codeDirections=0 and latent.warmStart=false, or add pairs.',
      where: { field: 'latent.codeDirections' },
      suggestion: { field: 'latent.warmStart', value: false, label: 'no warm start' },
    });
  if (training.length <= MOST_PAIRS) return training;
  return shuffle({ seed: config.seed, stream: 'warm-start.pairs', counter: 0 }, training).slice(
    0,
    MOST_PAIRS,
  );
}

/** Tokens that a reply's log-probability is divided by in this objective. */
const perToken = (config: RunConfig, tokens: number): number =>
  scalesMeans(config) ? Math.max(1, tokens) : 1;

async function readFeatures(
  run: PreparedRun,
  pairs: readonly EncodedPair[],
  cache: HiddenStateCache,
): Promise<Features> {
  const d = run.model.config.hiddenSize;
  const prompts = matrix(pairs.length, d);
  const differences = matrix(pairs.length, d);
  const placeOf = new Map(pairs.map((pair, place) => [pair, place]));
  for (const row of packRows(pairs, run.shape)) {
    const found: NamedData = await cache.inputsOf(row);
    for (const [slot, pair] of row.pairs.entries()) {
      const place = placeOf.get(pair) as number;
      const vector = (name: string): Float64Array =>
        Float64Array.from((found[name] as Float32Array).subarray(slot * d, (slot + 1) * d));
      rowOf(prompts, place).set(vector('features.prompt'));
      const difference = rowOf(differences, place);
      addScaled(difference, vector('features.chosen'), 1 / perToken(run.config, pair.chosen.length));
      addScaled(difference, vector('features.rejected'), -1 / perToken(run.config, pair.rejected.length));
    }
  }
  return { prompts, differences, promptIds: pairs.map(({ promptId }) => promptId) };
}

/** One row for each prompt. */
export function byPrompt({ prompts, promptIds }: Features): Matrix {
  const first = new Map<string, number>();
  for (const [place, prompt] of promptIds.entries()) if (!first.has(prompt)) first.set(prompt, place);
  return rowsAt(prompts, [...first.values()]);
}

/** For a person. */
function noteOf({ mixture, choice, validationLoss, bornOut }: SearchResult, latent: LatentConfig): string {
  const used = mixture.codes.rows;
  const unused = latent.codes - used;
  const idle = unused === 0 ? '' : `, ${unused} ${unused === 1 ? 'is' : 'are'} unused`;
  const { span } = choice;
  const along = span === null || span >= used ? '' : ` along ${span} direction${span === 1 ? '' : 's'}`;
  const loss = validationLoss === null ? '' : ` (loss ${validationLoss.toFixed(3)} on pairs set aside)`;
  const short =
    bornOut === false
      ? ' No better than a coin on pairs set aside: the codes stay so short that replies hardly change.'
      : '';
  return `Warm start: ${used} of ${latent.codes} codes in use${along}${idle}${loss}.${short}`;
}

async function* search(
  run: PreparedRun,
  features: Features,
  prompt: Whitening,
  codes: Whitening,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, SearchResult | null> {
  const { config } = run;
  const latent = config.latent as LatentConfig;
  const data = {
    prompts: whitened(features.prompts, prompt),
    differences: whitened(features.differences, codes),
    promptIds: features.promptIds,
  };
  const settings = {
    latent,
    labelSmoothing: wrongLabelShare(config),
    seed: config.seed,
  };
  const total = searchParts(data, settings);
  let done = 0;
  const waiting: (() => void)[] = [];
  const searching = searchMixture(data, settings, async () => {
    done += 1;
    waiting.shift()?.();
    await breathe();
    return !stop.aborted;
  });
  let result: SearchResult | null | undefined;
  const ended = searching.then((value) => {
    result = value;
  });
  yield phase('warm-start', 0, total);
  while (result === undefined) {
    await Promise.race([ended, new Promise<void>((resolve) => waiting.push(resolve))]);
    if (result === undefined) yield phase('warm-start', Math.min(done - 1, total - 1), total);
  }
  if (result) yield phase('warm-start', total, total, noteOf(result, latent));
  return result;
}

export interface FeatureReader {
  /** Of some of the pairs that it was opened for, in their order. */
  read(pairs: readonly EncodedPair[]): Promise<Features>;
  dispose(): Promise<void>;
}

/** h_x and a(y) of these pairs, from the cache or by the backbone; null where it was stopped, or where there is no room for them. */
export async function* openFeatures(
  run: PreparedRun,
  pairs: readonly EncodedPair[],
  states: HiddenStateCache | null,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, FeatureReader | null> {
  const hiddenStatesFrom = states ? ('inputs' as const) : ('row' as const);
  const cache = yield* openHiddenStateCache(
    wantedFeatures(run, pairs, states),
    () => ready(run.engine, featuresProgram({ ...optionsFor(run, 'heads'), hiddenStatesFrom })),
    stop,
  );
  return cache && { read: (some) => readFeatures(run, some, cache), dispose: () => cache.dispose() };
}

/** h_x and a(y_w) − a(y_l) of the training pairs; null where it was stopped. */
export async function* featuresOf(
  run: PreparedRun,
  states: HiddenStateCache | null,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, Features | null> {
  const { training, heldOut } = run;
  const wanted = pairsRead(run);
  // All of them where they are few, so that another split of the same pairs finds them in the cache.
  const all = training.length + heldOut.length <= 2 * MOST_PAIRS;
  const pairs = all ? readable(run, [...training, ...heldOut]) : wanted;
  const features = yield* openFeatures(run, pairs, states, stop);
  try {
    return features && (await features.read(wanted));
  } finally {
    await features?.dispose();
  }
}

/**
 * Finds directions and, where asked for, codes and prior, and puts them on the engine. `states` are cached hidden states
 * with what z at the head reads, where there are any. False where it was stopped before the end.
 */
export async function* warmStart(
  run: PreparedRun,
  states: HiddenStateCache | null,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, boolean> {
  const { latent } = run.config;
  const { hiddenSize } = run.model.config;
  if (latent === null || !beginsWithSearch(run)) return true;
  const features = yield* featuresOf(run, states, stop);
  if (features === null) return false;
  const [promptCount, codeCount] = [promptDirections(latent, hiddenSize), codeDirections(latent, hiddenSize)];
  const prompt = promptCount > 0 ? whiten(byPrompt(features), promptCount, true) : null;
  await breathe();
  const codes = codeCount > 0 ? whiten(features.differences, codeCount, false) : null;
  const isFitted = prompt !== null && codes !== null && warmStarts(latent, hiddenSize);
  const found = isFitted ? yield* search(run, features, prompt, codes, stop) : null;
  if (isFitted && found === null) return false;
  await run.engine.setState(valuesOf({ prompt, codes, search: found }, run.config, run));
  return true;
}
