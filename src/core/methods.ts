/**
 * What each objective and each kind of latent is. Code outside of their formulas asks this table and never a name: a new
 * one is an entry here, its formula, its golden values and a word in the docs, and whatever is forgotten fails to compile.
 */

export type OwnSetting =
  | 'labelSmoothing'
  | 'gammaBetaRatio'
  | 'ipoAverage'
  | 'ldAlpha'
  | 'desirableWeight'
  | 'undesirableWeight';

interface ObjectiveFacts {
  readonly name: string;
  /** β that its authors use: it scales sums of log-probabilities for one, means per token for another. */
  readonly usualBeta: number;
  /** Whether log π_ref of the replies is read. */
  readonly readsReference: boolean;
  /** Weight of −log π(y_w|x)/|y_w| in its own loss, where a run asks for no other. */
  readonly nllWeight: number;
  /** What the log-sigmoid of its loss is taken of: the difference of rewards, β in it, or the log odds ratio, which β weighs as a whole. */
  readonly compares: 'rewards' | 'odds';
  /** What of a reply's log-probability it scales: its sum, its mean over tokens, or what `ipoAverage` says. */
  readonly scales: 'sum' | 'mean' | 'ipoAverage';
  /** What one example is: two replies of which one is better, or one reply with a verdict of its own. */
  readonly learnsFrom: 'pairs' | 'single labels';
  /** Settings that not every objective reads. */
  readonly ownSettings: readonly OwnSetting[];
}

const objectives = <Name extends string>(facts: Readonly<Record<Name, ObjectiveFacts>>) => facts;

export const OBJECTIVE_FACTS = objectives({
  dpo: {
    name: 'DPO',
    usualBeta: 0.1,
    readsReference: true,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'sum',
    learnsFrom: 'pairs',
    ownSettings: ['labelSmoothing'],
  },
  ipo: {
    name: 'IPO',
    usualBeta: 0.1,
    readsReference: true,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'ipoAverage',
    learnsFrom: 'pairs',
    ownSettings: ['ipoAverage'],
  },
  simpo: {
    name: 'SimPO',
    usualBeta: 2,
    readsReference: false,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'mean',
    learnsFrom: 'pairs',
    ownSettings: ['gammaBetaRatio'],
  },
  orpo: {
    name: 'ORPO',
    usualBeta: 0.1,
    readsReference: false,
    nllWeight: 1,
    compares: 'odds',
    scales: 'mean',
    learnsFrom: 'pairs',
    ownSettings: [],
  },
  cpo: {
    name: 'CPO',
    usualBeta: 0.1,
    readsReference: false,
    nllWeight: 1,
    compares: 'rewards',
    scales: 'sum',
    learnsFrom: 'pairs',
    ownSettings: ['labelSmoothing'],
  },
  'robust-dpo': {
    name: 'Robust DPO',
    usualBeta: 0.1,
    readsReference: true,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'sum',
    learnsFrom: 'pairs',
    ownSettings: ['labelSmoothing'],
  },
  'ln-dpo': {
    name: 'Length-normalised DPO',
    usualBeta: 5,
    readsReference: true,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'mean',
    learnsFrom: 'pairs',
    ownSettings: ['labelSmoothing'],
  },
  'ld-dpo': {
    name: 'LD-DPO',
    usualBeta: 0.1,
    readsReference: true,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'sum',
    learnsFrom: 'pairs',
    ownSettings: ['labelSmoothing', 'ldAlpha'],
  },
  kto: {
    name: 'KTO',
    usualBeta: 0.1,
    readsReference: true,
    nllWeight: 0,
    compares: 'rewards',
    scales: 'sum',
    learnsFrom: 'single labels',
    ownSettings: ['desirableWeight', 'undesirableWeight'],
  },
});
export type Objective = keyof typeof OBJECTIVE_FACTS;
export const OBJECTIVES = Object.keys(OBJECTIVE_FACTS) as Objective[];
/** Those that the paper extends: what experiments hold LPC against. */
export const PAPER_OBJECTIVES = ['dpo', 'ipo', 'simpo'] as const satisfies readonly Objective[];

interface LatentFacts {
  /** In a list of kinds. */
  readonly name: string;
  /** Within a sentence: “its latent is …”. */
  readonly is: string;
  /** Before or after an objective's name, in the place of {}. */
  readonly method: string;
  /** A codebook whose codes fire by prompt. */
  readonly hasCodes: boolean;
  /** A posterior trained beside a prior, so that there is a KL between the two. */
  readonly hasPosterior: boolean;
  /** Whether z differs from prompt to prompt. */
  readonly readsPrompt: boolean;
}

const latents = <Name extends string>(facts: Readonly<Record<Name, LatentFacts>>) => facts;

export const LATENT_FACTS = latents({
  codebook: {
    name: 'Codebook (paper)',
    is: 'a codebook',
    method: 'LPC-{}',
    hasCodes: true,
    hasPosterior: true,
    readsPrompt: true,
  },
  gaussian: {
    name: 'Gaussian, no codebook',
    is: 'a Gaussian',
    method: '{} + Gaussian latent',
    hasCodes: false,
    hasPosterior: true,
    readsPrompt: true,
  },
  mlp: {
    name: 'Network of the prompt, no codebook',
    is: 'a network of the prompt',
    method: '{} + MLP of the prompt',
    hasCodes: false,
    hasPosterior: false,
    readsPrompt: true,
  },
  bias: {
    name: 'One vector for all prompts',
    is: 'one vector for all prompts',
    method: '{} + free bias',
    hasCodes: false,
    hasPosterior: false,
    readsPrompt: false,
  },
});
export type LatentKind = keyof typeof LATENT_FACTS;
export const LATENT_KINDS = Object.keys(LATENT_FACTS) as LatentKind[];

interface Latent {
  readonly kind: LatentKind;
}
interface WithLatent<L extends Latent = Latent> {
  readonly latent: L | null;
}

type WithPosterior = WithLatent<Latent & { readonly posterior: 'network' | 'none' }>;

/** Codes of a run: K where its latent has a codebook, else null. */
export const codesOf = ({ latent }: WithLatent<Latent & { readonly codes: number }>): number | null =>
  latent !== null && LATENT_FACTS[latent.kind].hasCodes ? latent.codes : null;

/** Whether a posterior is trained beside a prior; a bias or MLP(h_x) has neither, and codes may do without one. */
export const hasPosterior = ({ latent }: WithPosterior): boolean =>
  latent !== null &&
  LATENT_FACTS[latent.kind].hasPosterior &&
  !(LATENT_FACTS[latent.kind].hasCodes && latent.posterior === 'none');

/** Whether an objective scales means over a reply's tokens, not sums. */
export function scalesMeans({
  objective,
  ipoAverage,
}: {
  readonly objective: Objective;
  readonly ipoAverage: 'mean' | 'sum';
}): boolean {
  const { scales } = OBJECTIVE_FACTS[objective];
  return (scales === 'ipoAverage' ? ipoAverage : scales) === 'mean';
}

/** Whether each reply is an example of its own: then labels of single replies train too, measured against replies to other prompts. */
export const learnsFromSingles = ({ objective }: { readonly objective: Objective }): boolean =>
  OBJECTIVE_FACTS[objective].learnsFrom === 'single labels';

/** Weight of the chosen reply's negative log-likelihood: the run's own, else the objective's. */
export const nllWeightOf = ({
  objective,
  nllWeight,
}: {
  readonly objective: Objective;
  readonly nllWeight: number | null;
}): number => nllWeight ?? OBJECTIVE_FACTS[objective].nllWeight;

/** What a reply's tokens beyond the length of the shorter one of its pair count, where not as much as the others; else null. */
export const tailWeightOf = ({
  objective,
  ldAlpha,
}: {
  readonly objective: Objective;
  readonly ldAlpha: number;
}): number | null =>
  (OBJECTIVE_FACTS[objective].ownSettings as readonly OwnSetting[]).includes('ldAlpha') ? ldAlpha : null;

/** By how much the argument of the loss's sigmoid grows with (a mean or sum of) log-probabilities. */
export const lossScale = ({
  objective,
  beta,
}: {
  readonly objective: Objective;
  readonly beta: number;
}): number => (OBJECTIVE_FACTS[objective].compares === 'odds' ? 1 : beta);

/** Share of labels that the loss takes to be wrong. */
export const wrongLabelShare = ({
  objective,
  labelSmoothing,
}: {
  readonly objective: Objective;
  readonly labelSmoothing: number;
}): number =>
  (OBJECTIVE_FACTS[objective].ownSettings as readonly OwnSetting[]).includes('labelSmoothing')
    ? labelSmoothing
    : 0;

/** `LPC-DPO`, `DPO`, `DPO + free bias`. */
export function methodName({ objective, latent }: WithLatent & { readonly objective: Objective }): string {
  const { name } = OBJECTIVE_FACTS[objective];
  return latent === null ? name : LATENT_FACTS[latent.kind].method.replace('{}', name);
}

/** What the accuracy without noise is called: where a posterior is there too, it is the prior's. */
export const accuracyName = (config: WithPosterior): string =>
  hasPosterior(config) ? 'prior accuracy' : 'accuracy';

/** Why a run has no codes: `it was trained without a latent`, `its latent is a Gaussian, without a codebook`; null where it has. */
export function whyWithoutCodes({ latent }: WithLatent): string | null {
  if (latent === null) return 'it was trained without a latent, as a baseline is';
  const { hasCodes, is } = LATENT_FACTS[latent.kind];
  return hasCodes ? null : `it is a control whose latent is ${is}, without a codebook`;
}
