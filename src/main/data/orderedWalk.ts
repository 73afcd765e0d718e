import type { Verdict } from '#core/preference.ts';
import { type Criterion, needReason } from '#core/queueNeed.ts';
import { criteriaAt, figuresAt, type OrderedColumns } from './queueOrders.ts';

type IsWanted = (pairId: number, verdict: Verdict | null) => boolean;

/** Goes through pairs in an order; what an annotator has passed is not walked again. */
export function orderedWalk(verdictOf: (pairId: number, annotatorId: number) => Verdict | null) {
  /** By order: where an annotator's first open pair is, and the places of those that were given. */
  let walks = new WeakMap<
    OrderedColumns,
    { readonly from: Map<number, number>; readonly places: Map<number, number> }
  >();
  const walkOf = (order: OrderedColumns) => {
    const known = walks.get(order) ?? { from: new Map<number, number>(), places: new Map<number, number>() };
    walks.set(order, known);
    return known;
  };
  /** By annotator: grows when a pair comes up again. */
  const reopenings = new Map<number, number>();
  const seen = new WeakMap<OrderedColumns, Map<number, number>>();

  function startOf(order: OrderedColumns, annotatorId: number): number {
    const reopened = reopenings.get(annotatorId) ?? 0;
    const last = seen.get(order) ?? new Map<number, number>();
    seen.set(order, last);
    if (last.get(annotatorId) !== reopened) walkOf(order).from.delete(annotatorId);
    last.set(annotatorId, reopened);
    return walkOf(order).from.get(annotatorId) ?? 0;
  }

  return {
    next(order: OrderedColumns, annotatorId: number, isWanted: IsWanted, limit: number): number[] {
      const { from, places } = walkOf(order);
      const chosen: number[] = [];
      for (
        let place = startOf(order, annotatorId);
        place < order.ids.length && chosen.length < limit;
        place++
      ) {
        const pairId = order.ids[place] as number;
        if (!isWanted(pairId, verdictOf(pairId, annotatorId))) continue;
        if (chosen.length === 0) from.set(annotatorId, place);
        places.set(pairId, place);
        chosen.push(pairId);
      }
      return chosen;
    },
    /** Why a pair that was given comes at its place: `margin 0.02; code 9 has 3 labels`. */
    reason(order: OrderedColumns, pairId: number): string | null {
      const place = walkOf(order).places.get(pairId);
      return place === undefined ? null : reasonAt(order, place);
    },
    /** Any pair that was passed may be open again. */
    forget(): void {
      walks = new WeakMap();
    },
    /** A pair that was passed may be open again. */
    reopened: (annotatorId: number): void =>
      void reopenings.set(annotatorId, (reopenings.get(annotatorId) ?? 0) + 1),
  };
}

/** Never which reply a model prefers. */
function reasonAt({ labels, need }: OrderedColumns, place: number): string | null {
  if (labels !== null) {
    const count = labels[place] ?? 0;
    if (count === 0) return 'nobody has labelled it yet';
    return count === 1 ? '1 person has labelled it' : `${count} people have labelled it`;
  }
  // Figures are kept of the first places.
  if (need === null || place >= need.first.length) return null;
  const criteria: readonly Criterion[] = criteriaAt(need, place);
  return needReason(figuresAt(need, place), criteria) ?? 'the run says nothing of it';
}
