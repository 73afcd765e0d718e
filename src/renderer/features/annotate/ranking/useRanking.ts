import { useState } from 'react';
import { create } from 'zustand';
import { impliedVerdict } from '#core/ranking.ts';
import { NO_ATTRIBUTES, type VerdictAttributes } from '#core/verdictAttributes.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import type { AnnotateAction } from '../actions.ts';
import { decideCurrent, useAnnotation } from '../annotationStore.ts';
import { setDraft } from '../deskDrafts.ts';
import { isMoving } from '../session.ts';
import {
  even,
  move,
  notPlaced,
  type Order,
  orderOf,
  placeOf,
  put,
  ranksOf,
  takeLast,
  without,
} from './order.ts';

export type ShownSet = NonNullable<AnnotationItem['set']>;

export interface RankingHand {
  readonly set: ShownSet;
  readonly order: Order;
  /** The reply that the arrows move. */
  readonly selected: number | null;
  /** The next one placed ties with the one before. */
  readonly tieNext: boolean;
  readonly isWhole: boolean;
  readonly select: (id: number | null) => void;
  readonly change: (order: Order, selected?: number) => void;
  /** Places the reply of that number, or takes it off. */
  readonly digit: (digit: number) => boolean;
  /** Whether the action is one of a ranking, which is then done. */
  readonly act: (action: AnnotateAction) => boolean;
  readonly give: () => void;
}

interface Orders {
  /** Of sets in hand, and of those that were given on this page: an undo brings them back. */
  readonly orders: ReadonlyMap<number, Order>;
}
const useOrders = create<Orders>(() => ({ orders: new Map() }));
/** How many orders a page remembers. */
const REMEMBERED = 200;

function remember(setId: number, order: Order): void {
  const others = [...useOrders.getState().orders].filter(([id]) => id !== setId).slice(-REMEMBERED);
  useOrders.setState({ orders: new Map([...others, [setId, order]]) });
}

/** The order of the set on screen as it comes about, and its giving; null where a pair is on screen. */
export function useRanking(
  item: AnnotationItem | undefined,
  said: VerdictAttributes,
  readVisibleMs: () => number,
  onGiven: () => void,
): RankingHand | null {
  const { orders } = useOrders();
  const [{ selected, tieNext, setId }, setHand] = useState<{
    readonly setId: number | null;
    readonly selected: number | null;
    readonly tieNext: boolean;
  }>({ setId: null, selected: null, tieNext: false });
  const set = item?.set ?? null;
  if (item === undefined || set === null) return null;

  const ids = set.replies.map(({ id }) => id);
  const order = orders.get(set.id) ?? orderOf(set.ranks);
  const chosen = setId === set.id ? selected : null;
  const ties = setId === set.id && tieNext;
  const isWhole = notPlaced(order, ids).length === 0;
  const isShown = (): boolean => {
    const now = useAnnotation.getState();
    return now.items[0] === item && !isMoving(now);
  };
  const hold = (next: Partial<{ selected: number | null; tieNext: boolean }>) =>
    setHand({ setId: set.id, selected: chosen, tieNext: false, ...next });
  const change = (next: Order, id = chosen): void => {
    if (!isShown()) return;
    remember(set.id, next);
    hold({ selected: id });
  };
  const finish = (verdict: Parameters<typeof decideCurrent>[0], ranks: ShownSet['ranks']): void => {
    if (!isShown()) return;
    const { flag } = said;
    decideCurrent(verdict, { ...NO_ATTRIBUTES, flag }, readVisibleMs(), { setId: set.id, ranks });
    setDraft(item.pairId, null);
    hold({ selected: null });
    onGiven();
  };
  const give = (): void => {
    if (!isWhole) return;
    const ranks = ranksOf(order);
    // Of the set's pairs main states each; this one is for the page, until it has.
    const [first, second] = ids.map((id) => ranks[id] as number);
    remember(set.id, order);
    finish(impliedVerdict(first as number, second as number), ranks);
  };
  const step = (by: number): void => {
    const at = chosen === null ? (by === 1 ? -1 : ids.length) : ids.indexOf(chosen);
    hold({ selected: ids[(at + by + ids.length) % ids.length] ?? null });
  };
  const last = order.at(-1)?.at(-1) ?? null;
  const onChosen = (work: (id: number) => Order): void => {
    const id = chosen ?? last;
    if (id !== null) change(work(id), id);
  };

  const actions: Partial<Record<AnnotateAction, () => void>> = {
    before: () => step(-1),
    after: () => step(1),
    better: () => onChosen((id) => move(order, id, -1, ids)),
    worse: () => onChosen((id) => move(order, id, 1, ids)),
    // Between two digits it ties them; once all have a place, the chosen one with the one above.
    even: () =>
      isWhole ? onChosen((id) => even(order, id, ids)) : hold({ tieNext: order.length > 0 && !ties }),
    takeOff: () =>
      change(chosen !== null && placeOf(order, chosen) !== null ? without(order, chosen) : takeLast(order)),
    both_bad: () => finish('both_bad', null),
    skip: () => finish('skip', null),
  };
  return {
    set,
    order,
    selected: chosen,
    tieNext: ties,
    isWhole,
    select: (id) => hold({ selected: id }),
    change,
    digit: (digit) => {
      const id = ids[digit - 1];
      if (id !== undefined) change(put(order, id, ids, ties), id);
      return id !== undefined;
    },
    act: (action) => {
      const work = actions[action];
      work?.();
      return work !== undefined;
    },
    give,
  };
}
