import { useState } from 'react';
import { create } from 'zustand';
import { impliedVerdict, type Steps } from '#core/ranking.ts';
import { NO_ATTRIBUTES, STRENGTH_SCALES, type VerdictRules } from '#core/verdictAttributes.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import type { AnnotateAction } from '../actions.ts';
import { decideCurrent, useAnnotation } from '../annotationStore.ts';
import { setDraft } from '../deskDrafts.ts';
import { isMoving } from '../session.ts';
import type { VerdictHand } from '../useVerdict.ts';
import { even, move, notPlaced, type Order, placeOf, put, takeLast, without } from './order.ts';
import {
  type About,
  draftOfSet,
  isBegun,
  missingIn,
  orderAbout,
  type RankingDraft,
  saidOf,
  stepsOf,
  withOrder,
  withStep,
} from './rankingDraft.ts';

export type ShownSet = NonNullable<AnnotationItem['set']>;

export interface RankingHand {
  readonly set: ShownSet;
  readonly rules: VerdictRules;
  readonly draft: RankingDraft;
  /** How much better each place is than the next. */
  readonly steps: Steps;
  /** By what the replies are being put in order. */
  readonly about: About;
  /** That order. */
  readonly order: Order;
  /** The place whose step to the next one the digits answer. */
  readonly asking: number | null;
  /** The reply that the arrows move. */
  readonly selected: number | null;
  /** The next one placed ties with the one before. */
  readonly tieNext: boolean;
  /** There is an order over all, so that it can be given. */
  readonly isWhole: boolean;
  readonly isHeld: boolean;
  readonly select: (id: number | null) => void;
  readonly change: (order: Order, selected?: number) => void;
  readonly turnTo: (about: About) => void;
  readonly ask: (above: number | null) => void;
  readonly answerStep: (strength: number) => void;
  /** Answers what is asked; else places the reply of that number, or takes it off. */
  readonly digit: (digit: number) => boolean;
  /** Whether the action is one of a ranking, which is then done. */
  readonly act: (action: AnnotateAction) => boolean;
  readonly give: () => void;
  readonly letGo: () => void;
}

interface Drafts {
  /** Of sets in hand, and of those that were given on this page: an undo brings them back. */
  readonly drafts: ReadonlyMap<number, RankingDraft>;
}
const useDrafts = create<Drafts>(() => ({ drafts: new Map() }));
/** How many a page remembers. */
const REMEMBERED = 200;

function remember(setId: number, draft: RankingDraft): void {
  const others = [...useDrafts.getState().drafts].filter(([id]) => id !== setId).slice(-REMEMBERED);
  useDrafts.setState({ drafts: new Map([...others, [setId, draft]]) });
}

interface Hold {
  readonly selected: number | null;
  readonly tieNext: boolean;
  readonly about: About;
  readonly asking: number | null;
  /** To be given once nothing is missing. */
  readonly held: 'ranked' | 'both_bad' | null;
}
const EMPTY_HAND: Hold = { selected: null, tieNext: false, about: null, asking: null, held: null };

/** The order of the set on screen as it comes about, and its giving once nothing is missing; null where a pair is on screen. */
export function useRanking(
  item: AnnotationItem | undefined,
  rules: VerdictRules,
  hand: VerdictHand,
  readVisibleMs: () => number,
  onGiven: () => void,
): RankingHand | null {
  const { drafts } = useDrafts();
  const [kept, setKept] = useState<Hold & { readonly setId: number | null }>({ ...EMPTY_HAND, setId: null });
  const set = item?.set ?? null;
  if (item === undefined || set === null) return null;

  const ids = set.replies.map(({ id }) => id);
  const draft = drafts.get(set.id) ?? draftOfSet(set);
  const now: Hold = kept.setId === set.id ? kept : EMPTY_HAND;
  const { selected, tieNext, about, asking, held } = now;
  const order = orderAbout(draft, about);
  const isWhole = notPlaced(draft.order, ids).length === 0;
  const said = hand.draft.said;
  const isShown = (): boolean => {
    const state = useAnnotation.getState();
    return state.items[0] === item && !isMoving(state);
  };
  const hold = (next: Partial<Hold>) => setKept({ ...now, tieNext: false, ...next, setId: set.id });

  const finish = (verdict: Parameters<typeof decideCurrent>[0], given: RankingDraft | null): void => {
    const attributes = { ...said, strength: null, aspects: {} };
    const { ranks, steps, aspects } = given === null ? saidOf(draft, ids) : saidOf(given, ids);
    const ranking =
      given === null
        ? { setId: set.id, ranks: null, ...(verdict === 'skip' ? {} : { aspects }) }
        : { setId: set.id, ranks, steps: [...steps], aspects };
    decideCurrent(
      verdict,
      verdict === 'skip' ? { ...NO_ATTRIBUTES, flag: said.flag } : attributes,
      readVisibleMs(),
      ranking,
    );
    setDraft(item.pairId, null);
    setKept({ ...EMPTY_HAND, setId: set.id });
    onGiven();
  };
  /** Gives it, or asks for what is missing and gives it then. */
  const settle = (wanted: 'ranked' | 'both_bad', next: RankingDraft): void => {
    if (!isShown()) return;
    remember(set.id, next);
    const missing = missingIn(next, wanted, ids, said, rules);
    if (missing?.what === 'strength') hold({ asking: missing.above, about: null, held: wanted });
    else if (missing?.what === 'aspects')
      hold({ about: missing.about, asking: null, selected: null, held: wanted });
    else if (missing !== null) {
      hold({ asking: null, about: null, held: wanted });
      if (hand.draft.asking !== missing.what) hand.ask(missing.what);
    } else if (wanted === 'both_bad') finish('both_bad', null);
    else {
      const ranks = saidOf(next, ids).ranks ?? {};
      // Of the set's pairs main states each; this one is for the page, until it has.
      const [first, second] = ids.map((id) => ranks[id] as number);
      finish(impliedVerdict(first as number, second as number), next);
    }
  };
  const change = (next: Order | 'na', id = selected): void => {
    if (!isShown()) return;
    remember(set.id, withOrder(draft, about, next));
    hold({ selected: id, asking: null });
  };
  const answerStep = (strength: number): void => {
    if (asking === null || !isShown()) return;
    const next = withStep(draft, asking, strength);
    const missing = missingIn(next, 'ranked', ids, said, rules);
    if (held === 'ranked') settle(held, next);
    else {
      remember(set.id, next);
      hold({ asking: missing?.what === 'strength' ? missing.above : null });
    }
  };
  const turnTo = (next: About): void => hold({ about: next, asking: null, selected: null });
  const step = (by: number): void => {
    const at = selected === null ? (by === 1 ? -1 : ids.length) : ids.indexOf(selected);
    hold({ selected: ids[(at + by + ids.length) % ids.length] ?? null });
  };
  const last = order.at(-1)?.at(-1) ?? null;
  const onChosen = (work: (id: number) => Order): void => {
    const id = selected ?? last;
    if (id !== null) change(work(id), id);
  };
  const names = rules.aspects.map(({ name }) => name);
  const isPlaced = notPlaced(order, ids).length === 0;

  const actions: Partial<Record<AnnotateAction, () => void>> = {
    before: () => step(-1),
    after: () => step(1),
    better: () => onChosen((id) => move(order, id, -1, ids)),
    worse: () => onChosen((id) => move(order, id, 1, ids)),
    // Between two digits it ties them; once all have a place, the chosen one with the one above.
    even: () =>
      isPlaced ? onChosen((id) => even(order, id, ids)) : hold({ tieNext: order.length > 0 && !tieNext }),
    takeOff: () =>
      change(
        selected !== null && placeOf(order, selected) !== null ? without(order, selected) : takeLast(order),
      ),
    // From the order over all to each aspect, and back.
    aspects: () => turnTo(names[about === null ? 0 : names.indexOf(about) + 1] ?? null),
    notApply: () => {
      if (about !== null) change(draft.aspects[about] === 'na' ? [] : 'na', null);
    },
    both_bad: () => settle('both_bad', draft),
    skip: () => isShown() && finish('skip', null),
  };
  return {
    ...{ set, rules, draft, steps: stepsOf(draft), about, order, asking, selected, tieNext, isWhole },
    isHeld: held !== null || asking !== null || about !== null,
    select: (id) => hold({ selected: id }),
    change,
    turnTo,
    ask: (above) => hold({ asking: above, about: null }),
    answerStep,
    digit: (digit) => {
      if (hand.draft.asking === 'confidence' && hand.digit(digit)) return true;
      if (asking !== null && digit <= STRENGTH_SCALES[rules.strength]) {
        answerStep(digit);
        return true;
      }
      const id = ids[digit - 1];
      if (id !== undefined) change(put(order, id, ids, tieNext), id);
      return id !== undefined;
    },
    act: (action) => {
      const work = actions[action];
      work?.();
      return work !== undefined;
    },
    // Of an aspect that is not ended yet nothing follows.
    give: () => {
      if (about !== null && isBegun(draft, about, ids)) return;
      if (held === 'both_bad') settle(held, draft);
      else if (isWhole) settle('ranked', draft);
      else if (about !== null) turnTo(null);
    },
    letGo: () => hold({ held: null, asking: null, about: null }),
  };
}
