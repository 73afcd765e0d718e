/** Orders of codes, shared by the heat map's columns and the usage list. Pure. */
import type { CodeSummary, CodesOverview } from '#shared/entities.ts';

export const CODE_ORDERS = ['number', 'share', 'first', 'alike', 'effect'] as const;
export type CodeOrder = (typeof CODE_ORDERS)[number];

export const ORDER_LABELS: Readonly<Record<CodeOrder, string>> = {
  number: 'by number',
  share: 'by share',
  first: 'by prompts first',
  alike: 'by similarity',
  effect: 'by effect',
};

type Causes = CodesOverview['causes'];

/** Effects are measured where codes were forced: at the end of a run. */
export const ordersFor = (causes: Causes): readonly CodeOrder[] =>
  causes !== null && causes.codes.length > 0
    ? CODE_ORDERS
    : CODE_ORDERS.filter((order) => order !== 'effect');

interface Effect {
  /** The group that it lifts most above what codes give it on average. */
  readonly group: string;
  readonly lift: number;
}

/** What each code that was forced does best. */
function effectsOf(causes: NonNullable<Causes>): Map<number, Effect> {
  const byGroup = new Map<string, number[]>();
  for (const { effects } of causes.codes)
    for (const { group, accuracy } of effects) byGroup.set(group, [...(byGroup.get(group) ?? []), accuracy]);
  const mean = (group: string): number => {
    const all = byGroup.get(group) ?? [];
    return all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
  };
  const best = new Map<number, Effect>();
  for (const { code, effects } of causes.codes)
    for (const { group, accuracy } of effects) {
      const lift = accuracy - mean(group);
      if (lift > (best.get(code)?.lift ?? Number.NEGATIVE_INFINITY)) best.set(code, { group, lift });
    }
  return best;
}

/** Codes that lift the same group beside each other, the group with the largest lift first; those that were not forced last. */
function byEffect(summaries: readonly CodeSummary[], causes: Causes): readonly CodeSummary[] {
  const effects = causes === null ? new Map<number, Effect>() : effectsOf(causes);
  const most = new Map<string, number>();
  for (const { group, lift } of effects.values())
    most.set(group, Math.max(lift, most.get(group) ?? Number.NEGATIVE_INFINITY));
  return [...summaries].sort((a, b) => {
    const [one, two] = [effects.get(a.code), effects.get(b.code)];
    if (!one || !two) return one ? -1 : two ? 1 : a.code - b.code;
    if (one.group !== two.group)
      return (
        (most.get(two.group) as number) - (most.get(one.group) as number) || (one.group < two.group ? -1 : 1)
      );
    return two.lift - one.lift || a.code - b.code;
  });
}

/** Largest first; the lower number wins a tie. By similarity, those that fire on the same prompts beside each other. */
export function orderCodes(
  summaries: readonly CodeSummary[],
  order: CodeOrder,
  causes: Causes = null,
): readonly CodeSummary[] {
  if (order === 'effect') return byEffect(summaries, causes);
  const by = (summary: CodeSummary) =>
    order === 'number' ? 0 : order === 'alike' ? -summary.alike : summary[order];
  return [...summaries].sort((a, b) => by(b) - by(a) || a.code - b.code);
}
