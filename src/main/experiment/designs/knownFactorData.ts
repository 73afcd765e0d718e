/** Training and test pairs whose factors are known. Test pairs are the same for all seeds; training pairs are not. */
import { ceilings } from '#core/factors/ceiling.ts';
import { type FactorPair, type FactorSettings, factorPairs } from '#core/factors/generate.ts';
import { FACTORS } from '#core/factors/wording.ts';
import type { Cell, CellData } from '../types.ts';

export type FactorRule = Omit<FactorSettings, 'pairs' | 'seed'>;

const TRAINING_PAIRS = 1200;
const TEST_PAIRS = 400;
/** Never a run's seed. */
const TEST_SEED = 20_250_504;
const VALIDATION_SEED = 20_250_505;

const promptOf = ({ pair }: FactorPair): string => JSON.stringify(pair.messages);

interface MadePairs {
  readonly training: readonly FactorPair[];
  readonly test: readonly FactorPair[];
}

function madePairs(rule: FactorRule, seed: number, testSeed = TEST_SEED): MadePairs {
  const test = factorPairs({ ...rule, pairs: TEST_PAIRS, seed: testSeed });
  const tested = new Set(test.map(promptOf));
  const drawn = factorPairs({ ...rule, pairs: TRAINING_PAIRS + TEST_PAIRS, seed });
  const training = drawn.filter((pair) => !tested.has(promptOf(pair))).slice(0, TRAINING_PAIRS);
  return { training, test };
}

const labelled = (name: string, { training, test }: MadePairs): CellData => ({
  name,
  training: training.map(({ pair }) => pair),
  test: test.map(({ pair }) => pair),
  labels: new Map(test.map(({ pair }) => [pair.promptId, pair.source])),
});

const ruleText = ({ arrangement, factors, cueStrength, labelNoise, wording }: FactorRule): string =>
  `${wording ? `${wording} wording, ` : ''}${factors} ${arrangement} factors, ${cueStrength === null ? 'no cue' : `cue ${cueStrength}`}, label noise ${labelNoise}`;

/** All pairs of a rule, or those of one factor; written once, when first asked for. */
export function factorData(rule: FactorRule, seed: number, only: number | null = null): () => CellData {
  let made: CellData | null = null;
  const make = (): CellData => {
    const { training, test } = madePairs(rule, seed);
    const mine = (pairs: readonly FactorPair[]) =>
      only === null ? pairs : pairs.filter(({ factor }) => factor === only);
    const name = `${ruleText(rule)}${only === null ? '' : `, ${factorName(only)} alone`}, seed ${seed}`;
    return labelled(name, { training: mine(training), test: mine(test) });
  };
  return () => {
    made ??= make();
    return made;
  };
}

/** The same with other prompts scored, and none of those that are scored elsewhere: for choosing settings. */
export function validationData(rule: FactorRule, seed: number): () => CellData {
  let made: CellData | null = null;
  return () => {
    if (made) return made;
    const kept = new Set(madePairs(rule, seed).test.map(promptOf));
    const { training, test } = madePairs(rule, seed, VALIDATION_SEED);
    const unseen = (pairs: readonly FactorPair[]) => pairs.filter((pair) => !kept.has(promptOf(pair)));
    made = labelled(`${ruleText(rule)}, validation, seed ${seed}`, {
      training: unseen(training),
      test: unseen(test),
    });
    return made;
  };
}

export const factorName = (factor: number): string => FACTORS[factor]!.name;

/** What is known without training. */
export function factorFacts(rule: FactorRule): NonNullable<Cell['facts']> {
  const { bayes, oracle, recovery } = ceilings(rule);
  return {
    'Bayes ceiling': bayes,
    'oracle’s ceiling': oracle,
    'recovery’s ceiling': recovery,
    'factors T': rule.factors,
    'cue strength ρ': rule.cueStrength ?? 'no cue',
    'label noise ε': rule.labelNoise,
  };
}
