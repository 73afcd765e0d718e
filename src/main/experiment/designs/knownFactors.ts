/** Generated pairs whose reasons are known: do codes find them, and does the prior act on them? */
import { PAPER_RUN, ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT, type RunConfig } from '#core/runConfig.ts';
import type { Cell, Design, DesignInput, SettingChanges } from '../types.ts';
import { cellsOf, type Method, PLAIN } from './cellsOf.ts';
import { type FactorRule, factorData, factorFacts, factorName } from './knownFactorData.ts';
import {
  BIAS_METHOD,
  baseOfGroup,
  GROUPS,
  oracleGroup,
  PAPER_METHOD,
  PLAIN_METHOD,
  ROBUST_METHOD,
  STAGED_METHOD,
} from './knownFactorNames.ts';
import { knownFactorSummary } from './knownFactorSummary.ts';

/** Settings of a preset that a cell keeps, but for those that every cell has of its own. */
const settingsOf = ({ steps: _, latent, ...config }: RunConfig): SettingChanges => ({
  latent,
  headsFirst: config.headsFirst,
  learningRate: config.learningRate,
  headsLearningRate: config.headsLearningRate,
  codebookLearningRate: config.codebookLearningRate,
  tokenBudget: config.tokenBudget,
});

const HEADS: SettingChanges = { trainable: 'heads' };
const LORA: SettingChanges = { trainable: 'lora' };
const ROBUST = settingsOf(ROBUST_RUN);
const PAPER = settingsOf(PAPER_RUN);
const BIAS: SettingChanges = { ...ROBUST, ...HEADS, latent: { kind: 'bias' }, codebookLearningRate: null };

const robust = (latent: NonNullable<SettingChanges['latent']>, run: SettingChanges = {}): SettingChanges => ({
  ...ROBUST,
  ...HEADS,
  ...run,
  latent: { ...ROBUST.latent, ...latent },
});

const method = (name: string, defining: SettingChanges, steps = ROBUST_RUN.steps): Method => ({
  name,
  defining,
  suggested: { steps },
});

const ROBUST_HEADS = method(ROBUST_METHOD, robust({}));

const DEFAULT_HEADS = method('LPC, defaults', { ...HEADS, latent: DEFAULT_LATENT });

const OVER_FROZEN: readonly Method[] = [
  method(BIAS_METHOD, BIAS),
  method('MLP, no codebook', { ...BIAS, latent: { kind: 'mlp', pooling: 'mean' } }),
  ROBUST_HEADS,
  DEFAULT_HEADS,
  method(PAPER_METHOD, { ...PAPER, ...HEADS }),
];

const FEW: readonly Method[] = [method(BIAS_METHOD, BIAS), ROBUST_HEADS];

/** Robust with one remedy taken back at a time. */
const ABLATIONS: readonly Method[] = [
  method('robust but no bonus', robust({ batchEntropyBonus: 0 })),
  method('robust but codes start at 0.3', robust({ codebookInitStd: 0.3 })),
  method('robust but codebook as fast as heads', robust({}, { codebookLearningRate: null })),
  method('robust but pooling last', robust({ pooling: 'last' })),
  method('robust but prior’s share rises', robust({ priorShare: 'rise' })),
];

/** Steps in which adapters train: as many in plain DPO as in the staged run after its heads. */
const ADAPTER_STEPS = Math.round((1 - ROBUST_RUN.headsFirst) * ROBUST_RUN.steps);
const PLAIN_LORA: SettingChanges = { ...ROBUST, ...LORA, ...PLAIN, codebookLearningRate: null };

const WITH_LORA: readonly Method[] = [
  method(PLAIN_METHOD, PLAIN_LORA, ADAPTER_STEPS),
  method(STAGED_METHOD, { ...ROBUST, ...LORA }),
];

const AT_ONCE = method('LPC, robust, all at once', { ...ROBUST, ...LORA, headsFirst: 0 }, ADAPTER_STEPS);

const clean = (arrangement: FactorRule['arrangement'], factors = 4): FactorRule => ({
  arrangement,
  factors,
  cueStrength: 1,
  labelNoise: 0,
});
const OPPOSED = clean('opposed');
const ORTHOGONAL = clean('orthogonal');

interface Setting {
  readonly group: string;
  readonly rule: FactorRule;
  readonly methods: readonly Method[];
  /** What each factor's oracle is trained by; null trains none. */
  readonly oracle: Method | null;
}

/** A factor's oracle has its share of the pairs, and at least its share of the steps. */
const BIAS_ORACLE = method('oracle', BIAS, ROBUST_RUN.steps / 4);
const LORA_ORACLE = method('oracle', PLAIN_LORA, Math.ceil(ADAPTER_STEPS / 4));

const SETTINGS: readonly Setting[] = [
  { group: GROUPS.opposed, rule: OPPOSED, methods: OVER_FROZEN, oracle: BIAS_ORACLE },
  {
    group: GROUPS.orthogonal,
    rule: ORTHOGONAL,
    methods: [...OVER_FROZEN, ...ABLATIONS],
    oracle: BIAS_ORACLE,
  },
  { group: GROUPS.two, rule: clean('opposed', 2), methods: FEW, oracle: null },
  {
    group: GROUPS.noisy,
    rule: { ...OPPOSED, cueStrength: 0.9, labelNoise: 0.1 },
    methods: FEW,
    oracle: null,
  },
  {
    group: GROUPS.lot,
    rule: { ...ORTHOGONAL, labelNoise: 0.5 },
    methods: [ROBUST_HEADS],
    oracle: null,
  },
  {
    group: GROUPS.stagedOpposed,
    rule: OPPOSED,
    methods: WITH_LORA,
    oracle: LORA_ORACLE,
  },
  {
    group: GROUPS.stagedOrthogonal,
    rule: ORTHOGONAL,
    methods: [...WITH_LORA, AT_ONCE],
    oracle: LORA_ORACLE,
  },
  {
    group: GROUPS.hidden,
    rule: { ...OPPOSED, cueStrength: null },
    methods: [...WITH_LORA, ROBUST_HEADS, DEFAULT_HEADS],
    oracle: null,
  },
];

/** The same training on each factor's pairs alone. */
function oracleCells(input: DesignInput, { group, rule, oracle }: Setting): Cell[] {
  if (oracle === null) return [];
  return Array.from({ length: rule.factors }, (_, factor) => {
    const named = { ...oracle, name: factorName(factor), facts: factorFacts(rule) };
    return cellsOf(input, oracleGroup(group), [named], (seed) => factorData(rule, seed, factor));
  }).flat();
}

export const knownFactors: Design = {
  name: 'known-factors',
  title: 'Pairs whose reasons are known',
  question:
    'Each prompt shows by its setting which behaviour it prefers (its factor). Opposed: the other reply shows another ' +
    'factor’s behaviour, so that no single taste is right for all. Orthogonal: the other reply shows none, so that one ' +
    'taste for all behaviours is right for all, and codes aren’t needed for accuracy. Recovery is I(code; factor)/H(factor) ' +
    'on test prompts; the oracle is trained on each factor’s pairs alone. With labels by lot whatever recovery is left ' +
    'comes from prompts alone, not from preferences. With a hidden annotator nothing in the prompt tells the factor, and ' +
    'no method may do better than chance.',
  takesPairs: false,
  baseOf: baseOfGroup,
  cells: (input) =>
    SETTINGS.flatMap((setting) => {
      const { group, rule, methods } = setting;
      const withFacts = methods.map((each) => ({ ...each, facts: factorFacts(rule) }));
      const trained = cellsOf(input, group, withFacts, (seed) => factorData(rule, seed));
      return [...trained, ...oracleCells(input, setting)];
    }),
  summarise: (results) => knownFactorSummary(results),
};
