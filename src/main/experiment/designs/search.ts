/** Candidates for the robust setting, the same steps for each, judged on validation prompts that no other experiment scores. */
import { presetSteps, ROBUST_RUN } from '#core/presets.ts';
import { mean } from '#core/statistics.ts';
import type { CellResult, Design, JsonValue, SettingChanges } from '../types.ts';
import { cellsOf, type Method } from './cellsOf.ts';
import { type FactorRule, factorFacts, validationData } from './knownFactorData.ts';

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

/** What candidates are ranked by: accuracy and causal recovery where there is something to find, less what lot gives. */
function scoreOf(results: readonly CellResult[]): number {
  const worth = results.map(({ cell, figures }) =>
    cell.group === BY_LOT
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
    'by a key of their own: the prompts that known-factors scores are never looked at, so that a choice made here can be judged there.',
  takesPairs: false,
  baseOf: () => 'robust',
  cells: (input) =>
    Object.entries(RULES).flatMap(([group, own]) => {
      const named = METHODS.map((method) => ({ ...method, facts: factorFacts(own) }));
      return cellsOf(input, group, named, (seed) => validationData(own, seed));
    }),
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
