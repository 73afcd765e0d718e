/** Real pairs read by a real model: whether codes learn what each context or source prefers, beside what can do without codes. */
import { OBJECTIVE_FACTS, PAPER_OBJECTIVES } from '#core/methods.ts';
import type { PreferencePair } from '#core/preference.ts';
import { testSplit, validationSplit } from '../testSplit.ts';
import type { Cell, CellData, CellResult, Design, DesignInput } from '../types.ts';
import { cellsOf, type Method } from './cellsOf.ts';
import { atChosenRates, rateCandidates } from './chosenRates.ts';
import { withProcessorTime } from './fairBudgets.ts';
import { cuedFlips, FLIP_CUE, unmarkedFlips } from './flippedPairs.ts';
import { FLIP_RATES } from './flips.ts';
import {
  BIAS,
  BY_CODES,
  MLP,
  OURS,
  OURS_OVER_FROZEN,
  OVER_FROZEN,
  underObjective,
  WITH_LORA,
} from './realModelMethods.ts';
import { isPolite, TONE_PAIRS, TONES, TONES_BY_LOT, tonePairs } from './tonePairs.ts';

const MIXED_PAIRS = 2400;

const CODES_GROUP = `${TONES}, number of codes`;
const CUED_GROUP = `${TONES}, half flipped and marked`;
const flippedGroup = (rate: number): string => `${TONES}, ${Math.round(100 * rate)} % flipped`;
const LORA_SUFFIX = ', LoRA';
const TRIED_GROUP = `${TONES}, choosing rates`;
const CHOSEN_GROUP = `${TONES}, each at its best rates`;

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

/**
 * Who labelled is the group, and nothing in the prompt tells: a prompt counts once for each of them, though its text is on one
 * side of a split.
 */
const byAnnotator = (pairs: readonly PreferencePair[]): PreferencePair[] =>
  pairs.flatMap((pair) =>
    ANNOTATOR.test(pair.aspect ?? '')
      ? [{ ...pair, source: pair.aspect ?? '', promptId: `${pair.promptId} by ${pair.aspect}` }]
      : [],
  );

/** About so many pairs of as many prompts as can be: of each its shortest two replies first, with everybody's label of them. */
export function acrossPrompts(pairs: readonly PreferencePair[], count: number): PreferencePair[] {
  const textOf = ({ messages }: PreferencePair): string => JSON.stringify(messages);
  const items = [
    ...Map.groupBy(pairs, (pair) =>
      JSON.stringify([textOf(pair), [pair.chosen, pair.rejected].sort()]),
    ).values(),
  ].map((labels) => ({
    labels,
    prompt: textOf(labels[0] as PreferencePair),
    size: charactersOf(labels[0] as PreferencePair),
  }));
  const ranked = [...Map.groupBy(items, ({ prompt }) => prompt).values()].flatMap((own) =>
    own.toSorted((a, b) => a.size - b.size).map((item, rank) => ({ ...item, rank })),
  );
  const taken: PreferencePair[] = [];
  for (const { labels } of ranked.sort((a, b) => a.rank - b.rank || a.size - b.size)) {
    if (taken.length >= count) break;
    taken.push(...labels);
  }
  return taken;
}

/** Groups of the pairs that are there, each with the pairs that it is made from. */
function settingsFor(pairs: readonly PreferencePair[]): [group: string, made: PreferencePair[]][] {
  const polite = pairs.filter(isPolite);
  const sources = new Set(pairs.map(({ source }) => source)).size;
  const annotated = byAnnotator(pairs);
  return [
    ...(polite.length > 0
      ? ([
          [TONES, tonePairs(polite, TONE_PAIRS, false)],
          [TONES_BY_LOT, tonePairs(polite, TONE_PAIRS, true)],
        ] as [string, PreferencePair[]][])
      : []),
    ...(sources > 1 ? ([['all sources', balanced(pairs, MIXED_PAIRS)]] as [string, PreferencePair[]][]) : []),
    ...(annotated.length > 0
      ? ([['hidden annotator', acrossPrompts(annotated, TONE_PAIRS)]] as [string, PreferencePair[]][])
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

const FLIP_METHODS: readonly Method[] = [BIAS, MLP, OURS_OVER_FROZEN];

/** What the paper asks, on tones: other objectives, numbers of codes, wrong labels; and adapters. */
function cellsOnTones(input: DesignInput, pairs: readonly PreferencePair[], plain: () => CellData): Cell[] {
  const same = (group: string, methods: readonly Method[]): Cell[] =>
    cellsOf(input, group, methods, () => plain);
  const validation = once(() => validationSplit(pairs, TONES));
  return [
    ...rateCandidates(cellsOf(input, TRIED_GROUP, OVER_FROZEN, () => validation)),
    ...same(`${TONES}${LORA_SUFFIX}`, WITH_LORA),
    ...same(CODES_GROUP, BY_CODES),
    ...PAPER_OBJECTIVES.filter((objective) => objective !== 'dpo').flatMap((objective) =>
      same(`${TONES}, ${OBJECTIVE_FACTS[objective].name}`, underObjective(objective)),
    ),
    ...cellsOf(input, CUED_GROUP, FLIP_METHODS, (seed) => once(() => cuedFlips(pairs, seed))),
    ...FLIP_RATES.filter((rate) => rate > 0).flatMap((rate) =>
      cellsOf(input, flippedGroup(rate), FLIP_METHODS, (seed) =>
        once(() => unmarkedFlips(pairs, rate, seed)),
      ),
    ),
  ];
}

function cellsOfGroup(input: DesignInput, group: string, pairs: readonly PreferencePair[]): Cell[] {
  const data = once(() => testSplit(pairs, group));
  const frozen = cellsOf(input, group, OVER_FROZEN, () => data);
  return group === TONES ? [...frozen, ...cellsOnTones(input, pairs, data)] : frozen;
}

/** Tones once more, each method at the rates that did best on prompts set aside. */
function cellsAtChosenRates(results: readonly CellResult[], input: DesignInput): Cell[] {
  const tried = results.filter(({ cell }) => cell.group === TRIED_GROUP);
  if (tried.length === 0) return [];
  const data = once(() => testSplit(tonePairs(input.pairs.filter(isPolite), TONE_PAIRS, false), TONES));
  return atChosenRates(
    cellsOf(input, CHOSEN_GROUP, OVER_FROZEN, () => data),
    tried,
  );
}

/** null where the result is no point of the curve. */
const flippedShare = ({ cell }: CellResult): number | null =>
  !FLIP_METHODS.some(({ name }) => name === cell.method)
    ? null
    : cell.group === TONES
      ? 0
      : (FLIP_RATES.find((rate) => cell.group === flippedGroup(rate)) ?? null);

export const realModel: Design = {
  name: 'real-model',
  title: 'A real model on real pairs',
  question:
    'Over a resting backbone: one bias for all prompts, z from an MLP without codes, the paper’s LPC, ours, and a Gaussian ' +
    'latent. Opposed tones: the context of a prompt decides whether the plain or the courteous reply wins, so that no constant ' +
    'taste can beat a coin, with the rates of each preset, and with those that do best for each method on prompts set aside; by lot, the same prompts with nothing to learn. All sources: whether tastes of real sets differ ' +
    'enough for codes to earn anything. Hidden annotator: nothing in the prompt tells who labelled. On the tones also what the ' +
    `paper asks: other objectives, numbers of codes, labels flipped without a trace or marked by ${FLIP_CUE}, and LoRA with rows of 256 ` +
    'tokens, beside heads alone with the same rows. Pairs are cut at 128 tokens of prompt and of each reply, and the shortest of each ' +
    'set are taken.',
  paper: {
    says: 'LPC is ahead of its base by 0.1 to 1.2 points in 8 of 9 settings; 32 to 64 codes are best of 8 to 256; codes follow a mark of flipped labels, and lie apart by source in t-SNE.',
    differs:
      'There models of 7 to 8 billion parameters train whole on tens of thousands of pairs. Here the backbone rests but for one table, tastes ' +
      'oppose by construction, and a code without use is dropped by the fit.',
  },
  takesPairs: true,
  baseOf: (group) => (group === TRIED_GROUP ? null : group.endsWith(LORA_SUFFIX) ? 'DPO' : BIAS.name),
  followUp: (results, input) => [
    ...withProcessorTime(
      results.filter(({ cell }) => cell.group.endsWith(LORA_SUFFIX)),
      () => ({ base: 'DPO', lpc: OURS }),
    ),
    ...cellsAtChosenRates(results, input),
  ],
  askedBy: (group) => (group === CHOSEN_GROUP ? TRIED_GROUP : group),
  cells: (input) => settingsFor(input.pairs).flatMap(([group, pairs]) => cellsOfGroup(input, group, pairs)),
  curves: [
    {
      title: 'Opposed tones: accuracy over the number of codes',
      xLabel: 'codes K',
      logarithmic: true,
      point: ({ cell: { group, method, config } }) =>
        group === CODES_GROUP && config.latent && method.includes('K = ')
          ? { line: method.replace(/, K = .*/, ''), x: config.latent.codes }
          : null,
    },
    {
      title: 'Opposed tones: accuracy on clean labels over the share of flipped ones',
      xLabel: 'training labels flipped, %',
      point(result) {
        const share = flippedShare(result);
        return share === null ? null : { line: result.cell.method, x: Math.round(100 * share) };
      },
    },
  ],
};
