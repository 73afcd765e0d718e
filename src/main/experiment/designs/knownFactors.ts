/** Generated pairs whose reasons are known: do codes find them, and does the prior act on them? */
import { PAPER_RUN, presetSteps, ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { Cell, Design, DesignInput, SettingChanges } from '../types.ts';
import { cellsOf, type Method, PLAIN } from './cellsOf.ts';
import { budgetName, withProcessorTime } from './fairBudgets.ts';
import { type FactorRule, factorData, factorFacts, factorName } from './knownFactorData.ts';
import {
  BIAS_METHOD,
  baseOfGroup,
  GROUPS,
  MLP_METHOD,
  oracleGroup,
  PAPER_METHOD,
  PLAIN_METHOD,
  ROBUST_METHOD,
  STAGED_METHOD,
  WITH_ADAPTERS,
} from './knownFactorNames.ts';
import { knownFactorSummary } from './knownFactorSummary.ts';

/** Settings of a preset that a cell keeps, but for those that every cell has of its own. */
const settingsOf = ({ latent, ...config }: RunConfig): SettingChanges => ({
  latent,
  beta: config.beta,
  headsFirst: config.headsFirst,
  learningRate: config.learningRate,
  headsLearningRate: config.headsLearningRate,
  codebookLearningRate: config.codebookLearningRate,
  lengthLearningRate: config.lengthLearningRate,
  tokenBudget: config.tokenBudget,
});

const HEADS: SettingChanges = { trainable: 'heads' };
const LORA: SettingChanges = { trainable: 'lora' };
const ROBUST = settingsOf(ROBUST_RUN);
/** Steps of the robust setting over a resting backbone. */
const ROBUST_STEPS = presetSteps(ROBUST_RUN, 'heads');
/** What needs no warm start gets more steps: five times as many cost it no more time. */
const CONTROL_STEPS = 5 * ROBUST_STEPS;
/** Rates of the controls and of plain DPO are the defaults', whatever the preset's are. */
const PLAIN_RATES: SettingChanges = {
  learningRate: DEFAULT_RUN.learningRate,
  headsLearningRate: DEFAULT_RUN.headsLearningRate,
  codebookLearningRate: null,
  tokenBudget: DEFAULT_RUN.tokenBudget,
};
const control = (kind: 'bias' | 'mlp'): SettingChanges => ({
  ...PLAIN_RATES,
  ...HEADS,
  latent: { kind, pooling: 'mean' },
});

const robust = (latent: NonNullable<SettingChanges['latent']>): SettingChanges => ({
  ...ROBUST,
  ...HEADS,
  latent: { ...ROBUST.latent, ...latent },
});

const method = (name: string, defining: SettingChanges, steps: number): Method => ({
  name,
  defining,
  suggested: { steps },
});

const BIAS = method(BIAS_METHOD, control('bias'), CONTROL_STEPS);
const ROBUST_HEADS = method(ROBUST_METHOD, robust({}), ROBUST_STEPS);
const OVER_FROZEN: readonly Method[] = [
  BIAS,
  method(MLP_METHOD, control('mlp'), CONTROL_STEPS),
  ROBUST_HEADS,
  method(PAPER_METHOD, { ...settingsOf(PAPER_RUN), ...HEADS }, CONTROL_STEPS),
];
const FEW: readonly Method[] = [BIAS, ROBUST_HEADS];
const MANY_CODES: readonly Method[] = [BIAS, method(ROBUST_METHOD, robust({ codes: 32 }), ROBUST_STEPS)];

/** Robust with one part taken back at a time. */
const ABLATIONS: readonly Method[] = [
  method('robust but no warm start', robust({ warmStart: false }), CONTROL_STEPS),
  method('robust but pooling last', robust({ pooling: 'last' }), ROBUST_STEPS),
];

/** Steps of the staged run in which adapters train, after those of its heads. */
const ADAPTER_STEPS = Math.round((1 - ROBUST_RUN.headsFirst) * ROBUST_RUN.steps);
const PLAIN_LORA: SettingChanges = { ...PLAIN_RATES, ...LORA, ...PLAIN, headsFirst: 0 };
const WITH_LORA: readonly Method[] = [
  method(budgetName(PLAIN_METHOD, 'backbone steps'), PLAIN_LORA, ADAPTER_STEPS),
  method(PLAIN_METHOD, PLAIN_LORA, ROBUST_RUN.steps),
  method(STAGED_METHOD, { ...ROBUST, ...LORA }, ROBUST_RUN.steps),
];

const clean = (arrangement: FactorRule['arrangement'], factors = 4): FactorRule => ({
  arrangement,
  factors,
  cueStrength: 1,
  labelNoise: 0,
});
const OPPOSED = clean('opposed');
const ORTHOGONAL = clean('orthogonal');
const noisy = (factors: number): FactorRule => ({
  ...clean('opposed', factors),
  cueStrength: 0.9,
  labelNoise: 0.1,
});

interface Setting {
  readonly group: string;
  readonly rule: FactorRule;
  readonly methods: readonly Method[];
  /** What each factor's oracle is trained by; null trains none. */
  readonly oracle: Method | null;
}

/** A factor's oracle has its share of the pairs, and at least its share of the steps. */
const BIAS_ORACLE = method('oracle', control('bias'), CONTROL_STEPS / 2);
const LORA_ORACLE = method('oracle', PLAIN_LORA, Math.ceil(ADAPTER_STEPS / 2));

const setting = (
  group: string,
  rule: FactorRule,
  methods: readonly Method[],
  oracle: Method | null = null,
): Setting => ({ group, rule, methods, oracle });

const SETTINGS: readonly Setting[] = [
  setting(GROUPS.opposed, OPPOSED, OVER_FROZEN, BIAS_ORACLE),
  setting(GROUPS.orthogonal, ORTHOGONAL, [...OVER_FROZEN, ...ABLATIONS], BIAS_ORACLE),
  setting(GROUPS.lotOpposed, { ...OPPOSED, labelNoise: 0.5 }, [ROBUST_HEADS]),
  setting(GROUPS.lotOrthogonal, { ...ORTHOGONAL, labelNoise: 0.5 }, [ROBUST_HEADS]),
  setting(GROUPS.stagedOpposed, OPPOSED, WITH_LORA, LORA_ORACLE),
  setting(GROUPS.stagedOrthogonal, ORTHOGONAL, WITH_LORA, LORA_ORACLE),
  setting(GROUPS.hidden, { ...OPPOSED, cueStrength: null }, [...WITH_LORA, ROBUST_HEADS]),
  setting(GROUPS.wordingOpposed, { ...OPPOSED, wording: 'held-out' }, FEW),
  setting(GROUPS.wordingOrthogonal, { ...ORTHOGONAL, wording: 'held-out' }, FEW),
  setting(GROUPS.two, clean('opposed', 2), FEW),
  setting(GROUPS.noisy, noisy(4), FEW),
  setting(GROUPS.six, noisy(6), MANY_CODES),
  setting(GROUPS.eight, noisy(8), MANY_CODES),
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
    'on test prompts; the oracle is trained on each factor’s pairs alone. Causal recovery counts a code only for what it does: ' +
    'each is forced on other test prompts, and with labels by lot it must be 0. With a hidden annotator nothing in the prompt tells the factor, and ' +
    'no method may do better than chance.',
  takesPairs: false,
  baseOf: baseOfGroup,
  cells: (input) =>
    SETTINGS.flatMap((one) => {
      const { group, rule, methods } = one;
      const withFacts = methods.map((each) => ({ ...each, facts: factorFacts(rule) }));
      const trained = cellsOf(input, group, withFacts, (seed) => factorData(rule, seed));
      return [...trained, ...oracleCells(input, one)];
    }),
  followUp: (results) =>
    withProcessorTime(
      results.filter(({ cell }) => WITH_ADAPTERS.includes(cell.group)),
      () => ({ base: PLAIN_METHOD, lpc: STAGED_METHOD }),
    ),
  summarise: (results) => knownFactorSummary(results),
};
