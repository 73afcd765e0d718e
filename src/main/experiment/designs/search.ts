/** Candidates for the robust setting, the same steps for each, judged on validation prompts that no other experiment scores. */

import type { PreferencePair } from '#core/preference.ts';
import { presetSteps, ROBUST_RUN } from '#core/presets.ts';
import { mean } from '#core/statistics.ts';
import { testSplit, validationSplit } from '../testSplit.ts';
import type {
  CandidateFit,
  CellData,
  CellResult,
  Design,
  DesignInput,
  JsonValue,
  SettingChanges,
} from '../types.ts';
import { cellsOf, type Method } from './cellsOf.ts';
import { type FactorRule, factorFacts, validationData } from './knownFactorData.ts';
import { CUTS } from './realModelMethods.ts';
import { isPolite, TONE_PAIRS, TONES, TONES_BY_LOT, tonePairs } from './tonePairs.ts';

const STEPS = presetSteps(ROBUST_RUN, 'heads');
type LatentChanges = NonNullable<SettingChanges['latent']>;

/** One thing changed at a time. */
const CANDIDATES: readonly (readonly [name: string, latent: LatentChanges])[] = [
  ['robust', {}],
  ['8 codes', { codes: 8 }],
  ['32 codes', { codes: 32 }],
  ['learnt posterior, g rising', { posterior: 'network', priorShare: 'rise' }],
  ['Gumbel noise', { gumbelNoise: true }],
  ['entropy bonus 0.2', { batchEntropyBonus: 0.2 }],
  ['two-layer prior, no warm start', { priorNetwork: 'two-layer', warmStart: false }],
  ['32 directions', { promptDirections: 32, codeDirections: 32 }],
  ['ridge on the prior / 4', { priorRidge: ROBUST_RUN.latent ? ROBUST_RUN.latent.priorRidge / 4 : 1 }],
  ['ridge on the codes × 4', { codeRidge: ROBUST_RUN.latent ? ROBUST_RUN.latent.codeRidge * 4 : 48 }],
  ['strongest code in use', { inference: 'argmax' }],
  ['pooling last', { pooling: 'last' }],
];

const METHODS: readonly Method[] = CANDIDATES.map(([name, latent]) => ({
  name,
  defining: {
    trainable: 'heads',
    beta: ROBUST_RUN.beta,
    headsLearningRate: ROBUST_RUN.headsLearningRate,
    codebookLearningRate: ROBUST_RUN.codebookLearningRate,
    lengthLearningRate: ROBUST_RUN.lengthLearningRate,
    latent: { ...ROBUST_RUN.latent, ...latent },
  },
  suggested: { steps: STEPS },
}));

const rule = (arrangement: FactorRule['arrangement'], labelNoise: number): FactorRule => ({
  arrangement,
  factors: 4,
  cueStrength: 1,
  labelNoise,
});
const BY_LOT = 'by lot';
const RULES: Readonly<Record<string, FactorRule>> = {
  opposed: rule('opposed', 0),
  orthogonal: rule('orthogonal', 0),
  [BY_LOT]: rule('orthogonal', 0.5),
};

/** As real-model cuts them, so that both read the same cached states. */
const CUT_METHODS: readonly Method[] = METHODS.map((method) => ({
  ...method,
  defining: { ...CUTS, ...method.defining },
}));

/** The draws of splits begin with it; a fit has no other seed. */
const FIT_SEED = 1;
const FIT_SPLITS = 3;

/** Opposed tones, and the same by lot, of the pairs that were given. */
function tonesOf({ pairs }: DesignInput): [group: string, made: PreferencePair[]][] {
  const polite = pairs.filter(isPolite);
  return polite.length === 0
    ? []
    : [
        [TONES, tonePairs(polite, TONE_PAIRS, false)],
        [TONES_BY_LOT, tonePairs(polite, TONE_PAIRS, true)],
      ];
}

/** What candidates are ranked by: accuracy and causal recovery where there is something to find, less what lot gives. */
function scoreOf(results: readonly CellResult[]): number {
  const worth = results.map(({ cell, figures }) =>
    cell.group.endsWith(BY_LOT)
      ? -(figures.causalRecovery ?? 0)
      : (figures.accuracy + (figures.causalRecovery ?? 0)) / 2,
  );
  return mean(worth);
}

export const search: Design = {
  name: 'search',
  title: 'The search for the robust setting',
  question:
    'Each candidate changes one thing of the robust setting and has the same steps. They are ranked on validation prompts, drawn ' +
    'by a key of their own: the prompts that known-factors and real-model score are never looked at, so that a choice made here can be ' +
    'judged there. Before them, more candidates are fitted without training, to the linear rewards that z at the head is while it is ' +
    'short. With pairs of courteous replies given, the pairs are the opposed tones.',
  takesPairs: 'if given',
  baseOf: () => 'robust',
  cells(input) {
    const given = tonesOf(input);
    if (given.length > 0)
      return given.flatMap(([group, pairs]) => {
        const data = validationSplit(pairs, group);
        return cellsOf(input, group, CUT_METHODS, () => () => data);
      });
    return Object.entries(RULES).flatMap(([group, own]) => {
      const named = METHODS.map((method) => ({ ...method, facts: factorFacts(own) }));
      return cellsOf(input, group, named, (seed) => validationData(own, seed));
    });
  },
  fits(input) {
    const { modelDir } = input;
    const [robust] = tonesOf(input).length > 0 ? CUT_METHODS : METHODS;
    if (!robust) return [];
    const config = input.settings(FIT_SEED, robust.defining, robust.suggested);
    const of = (group: string, data: () => CellData): CandidateFit => ({
      group,
      modelDir,
      data,
      config,
      splits: FIT_SPLITS,
    });
    const given = tonesOf(input);
    if (given.length > 0) return given.map(([group, pairs]) => of(group, () => testSplit(pairs, group)));
    return Object.entries(RULES).map(([group, own]) => of(group, validationData(own, FIT_SEED)));
  },
  summarise: (results) => {
    const byMethod = Map.groupBy(results, ({ cell }) => cell.method);
    const log = [...byMethod].map(
      ([candidate, own]): Record<string, JsonValue> => ({
        candidate,
        score: scoreOf(own),
        steps: own[0]?.config.steps ?? null,
        processorSeconds: mean(own.map(({ processorSeconds }) => processorSeconds)),
      }),
    );
    return { log: log.toSorted((a, b) => Number(b.score) - Number(a.score)) };
  },
};
