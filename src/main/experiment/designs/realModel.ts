/** Real pairs read by a real model: whether codes learn what each context or source prefers, beside what can do without codes. */
import type { PreferencePair } from '#core/preference.ts';
import { PAPER_RUN, presetSteps, ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { testSplit } from '../testSplit.ts';
import type { Cell, CellData, Design, DesignInput, SettingChanges } from '../types.ts';
import { cellsOf, type Method, PLAIN } from './cellsOf.ts';
import { budgetName, withProcessorTime } from './fairBudgets.ts';
import { tonePairs } from './tonePairs.ts';

const TONE_PAIRS = 640;
const MIXED_PAIRS = 2400;

/** Backbone passes are what a real model costs: long pairs are cut, and short ones of a set are taken first. */
const CUTS: SettingChanges = { maxPromptTokens: 128, maxReplyTokens: 128 };

const rates = ({
  beta,
  headsLearningRate,
  codebookLearningRate,
  lengthLearningRate,
}: RunConfig): SettingChanges => ({
  beta,
  headsLearningRate,
  codebookLearningRate,
  lengthLearningRate,
});

const HEADS_STEPS = presetSteps(ROBUST_RUN, 'heads');
const heads = (name: string, latent: SettingChanges['latent'], from: RunConfig): Method => ({
  name,
  defining: { ...CUTS, ...rates(from), trainable: 'heads', latent: latent ?? {} },
  suggested: { steps: HEADS_STEPS },
});

const BIAS_NAME = 'DPO, one bias for all';
/** At the defaults' rate for heads a bias or an MLP of this width saturates within a few steps; β is ours, for a fair comparison. */
const CONTROL: RunConfig = {
  ...DEFAULT_RUN,
  headsLearningRate: PAPER_RUN.headsLearningRate,
  beta: ROBUST_RUN.beta,
};
const OVER_FROZEN: readonly Method[] = [
  heads(BIAS_NAME, { kind: 'bias' }, CONTROL),
  heads('MLP, no codebook', { kind: 'mlp', promptDirections: 64, pooling: 'mean' }, CONTROL),
  heads('LPC, paper', PAPER_RUN.latent, PAPER_RUN),
  heads('LPC, ours', ROBUST_RUN.latent, ROBUST_RUN),
  heads('Gaussian latent', { kind: 'gaussian', codebookInitStd: 0.02, batchEntropyBonus: 0 }, CONTROL),
];

const LORA_STEPS = ROBUST_RUN.steps - HEADS_STEPS;
const lora = (name: string, changes: SettingChanges, steps: number): Method => ({
  name,
  defining: { ...CUTS, trainable: 'lora', ...changes },
  suggested: { steps },
});
const WITH_LORA: readonly Method[] = [
  lora('DPO', PLAIN, ROBUST_RUN.steps),
  lora(budgetName('DPO', 'backbone steps'), PLAIN, LORA_STEPS),
  lora('LPC, paper', { ...rates(PAPER_RUN), latent: PAPER_RUN.latent, headsFirst: 0 }, ROBUST_RUN.steps),
  lora(
    'LPC, ours',
    { ...rates(ROBUST_RUN), latent: ROBUST_RUN.latent, headsFirst: ROBUST_RUN.headsFirst },
    ROBUST_RUN.steps,
  ),
];

const charactersOf = ({ messages, chosen, rejected }: PreferencePair): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0) + chosen.length + rejected.length;

/** About as many pairs of each source, the shortest of each. */
export function balanced(pairs: readonly PreferencePair[], count: number): PreferencePair[] {
  const sources = [...Map.groupBy(pairs, ({ source }) => source).values()].sort(
    (a, b) => a.length - b.length,
  );
  const taken: PreferencePair[] = [];
  for (const [index, own] of sources.entries()) {
    const share = Math.floor((count - taken.length) / (sources.length - index));
    taken.push(...own.toSorted((a, b) => charactersOf(a) - charactersOf(b)).slice(0, share));
  }
  return taken;
}

const ANNOTATOR = /^annotator/;

/** Who labelled is the group, and nothing in the prompt tells. */
const byAnnotator = (pairs: readonly PreferencePair[]): PreferencePair[] =>
  pairs.flatMap((pair) =>
    ANNOTATOR.test(pair.aspect ?? '') ? [{ ...pair, source: pair.aspect ?? '' }] : [],
  );

/** Groups of the pairs that are there, each with the pairs that it is made from. */
function settingsFor(pairs: readonly PreferencePair[]): [group: string, made: PreferencePair[]][] {
  const polite = pairs.filter(({ aspect }) => aspect === 'politeness');
  const sources = new Set(pairs.map(({ source }) => source)).size;
  const annotated = byAnnotator(pairs);
  return [
    ...(polite.length > 0
      ? ([
          ['opposed tones', tonePairs(polite, TONE_PAIRS, false)],
          ['opposed tones, by lot', tonePairs(polite, TONE_PAIRS, true)],
        ] as [string, PreferencePair[]][])
      : []),
    ...(sources > 1 ? ([['all sources', balanced(pairs, MIXED_PAIRS)]] as [string, PreferencePair[]][]) : []),
    ...(annotated.length > 0
      ? ([['hidden annotator', balanced(annotated, TONE_PAIRS)]] as [string, PreferencePair[]][])
      : []),
  ];
}

function once(make: () => CellData): () => CellData {
  let made: CellData | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

function cellsOfGroup(input: DesignInput, group: string, pairs: readonly PreferencePair[]): Cell[] {
  const data = once(() => testSplit(pairs, group));
  const frozen = cellsOf(input, group, OVER_FROZEN, () => data);
  const withLora = cellsOf(input, `${group}, LoRA`, WITH_LORA, () => data);
  return group === 'opposed tones' ? [...frozen, ...withLora] : frozen;
}

export const realModel: Design = {
  name: 'real-model',
  title: 'A real model on real pairs',
  question:
    'Over a resting backbone: one bias for all prompts, z from an MLP without codes, the paper’s LPC, ours, and a Gaussian ' +
    'latent. Opposed tones: the context of a prompt decides whether the plain or the courteous reply wins, so that no constant ' +
    'taste can beat a coin; by lot, the same prompts with nothing to learn. All sources: whether tastes of real sets differ ' +
    'enough for codes to earn anything. Hidden annotator: nothing in the prompt tells who labelled. Pairs are cut at 128 ' +
    'tokens of prompt and of each reply, and the shortest of each set are taken.',
  takesPairs: true,
  baseOf: (group) => (group.endsWith('LoRA') ? 'DPO' : BIAS_NAME),
  followUp: (results) =>
    withProcessorTime(
      results.filter(({ cell }) => cell.group.endsWith('LoRA')),
      () => ({ base: 'DPO', lpc: 'LPC, ours' }),
    ),
  cells: (input) => settingsFor(input.pairs).flatMap(([group, pairs]) => cellsOfGroup(input, group, pairs)),
};
