/** What is being said of several replies: an order over all, how much better each place is, and an order for each aspect. Pure. */
import {
  missingInRanking,
  type RankedAspects,
  type Ranks,
  type SaidOfSet,
  type Steps,
} from '#core/ranking.ts';
import type { AskedAttribute, VerdictAttributes, VerdictRules } from '#core/verdictAttributes.ts';
import { notPlaced, type Order, orderOf, ranksOf } from './order.ts';

/** By what the replies are being put in order: an aspect by its name, or over all. */
export type About = string | null;

export interface RankingDraft {
  readonly order: Order;
  /** By the places on both sides of the step: another order asks again. */
  readonly steps: Readonly<Record<string, number>>;
  readonly aspects: Readonly<Record<string, Order | 'na'>>;
}

const stepKey = (order: Order, above: number): string =>
  [order[above], order[above + 1]].map((ids) => ids?.toSorted((a, b) => a - b).join('+')).join('>');

export function draftOfSet({ ranks, steps, aspects }: SaidOfSet): RankingDraft {
  const order = orderOf(ranks);
  const said = steps.flatMap((step, above) =>
    step === null ? [] : [[stepKey(order, above), step] as const],
  );
  const orders = Object.entries(aspects).map(([name, by]) => [name, by === 'na' ? by : orderOf(by)] as const);
  return { order, steps: Object.fromEntries(said), aspects: Object.fromEntries(orders) };
}

/** How much better each place is than the next, as far as it was said. */
export const stepsOf = ({ order, steps }: RankingDraft): Steps =>
  order.slice(1).map((_, above) => steps[stepKey(order, above)] ?? null);

export const withStep = (draft: RankingDraft, above: number, strength: number): RankingDraft => ({
  ...draft,
  steps: { ...draft.steps, [stepKey(draft.order, above)]: strength },
});

/** No order where the aspect does not apply. */
export function orderAbout(draft: RankingDraft, about: About): Order {
  const order = about === null ? draft.order : (draft.aspects[about] ?? []);
  return order === 'na' ? [] : order;
}

/** An order that is empty again is none. */
export function withOrder(draft: RankingDraft, about: About, order: Order | 'na'): RankingDraft {
  if (about === null) return order === 'na' ? draft : { ...draft, order };
  const { [about]: _, ...others } = draft.aspects;
  return { ...draft, aspects: order.length === 0 ? others : { ...others, [about]: order } };
}

const isWhole = (order: Order, ids: readonly number[]): boolean => notPlaced(order, ids).length === 0;

/** Whether the order, or that of an aspect, was begun and not ended. */
export const isBegun = (draft: RankingDraft, about: About, ids: readonly number[]): boolean => {
  const order = orderAbout(draft, about);
  return order.length > 0 && !isWhole(order, ids);
};

/** What can be given; no ranks as long as the order is not whole. */
export function saidOf(draft: RankingDraft, ids: readonly number[]): SaidOfSet {
  const ranks: Ranks | null = isWhole(draft.order, ids) ? ranksOf(draft.order) : null;
  const aspects: RankedAspects = Object.fromEntries(
    Object.entries(draft.aspects).flatMap(([name, by]): [string, Ranks | 'na'][] =>
      by === 'na' ? [[name, by]] : isWhole(by, ids) ? [[name, ranksOf(by)]] : [],
    ),
  );
  return { ranks, steps: stepsOf(draft), aspects };
}

/** What has to be answered next, and where. */
export type Missing =
  | { readonly what: 'strength'; readonly above: number }
  | { readonly what: 'aspects'; readonly about: string }
  | { readonly what: Exclude<AskedAttribute, 'strength' | 'aspects'> };

/** Null where a verdict of these can be given; aspects that were begun are ended first. */
export function missingIn(
  draft: RankingDraft,
  verdict: 'ranked' | 'both_bad',
  ids: readonly number[],
  attributes: VerdictAttributes,
  rules: VerdictRules,
): Missing | null {
  const said = saidOf(draft, ids);
  const given = verdict === 'ranked' ? said : { ...said, ranks: null, steps: [] };
  const what = missingInRanking(verdict === 'ranked' ? 'tie' : verdict, given, attributes, rules);
  if (what === 'strength') return { what, above: given.steps.indexOf(null) };
  const begun = rules.aspects.find(({ name }) => isBegun(draft, name, ids));
  if (begun !== undefined) return { what: 'aspects', about: begun.name };
  if (what !== 'aspects') return what === null ? null : { what };
  const open = rules.aspects.find(({ name, required }) => required && given.aspects[name] === undefined);
  return { what, about: open?.name ?? '' };
}
