/**
 * The annotation session as a pure state machine: what is on screen and what still has to be saved. Verdicts move the
 * screen at once; their saving follows in order, one at a time. The history is main's: what undo and redo would do is
 * its last word, and while one of them is on its way the screen waits for the next.
 */
import type { Verdict } from '#core/preference.ts';
import type { Failure } from '#core/result.ts';
import type { VerdictAttributes } from '#core/verdictAttributes.ts';
import type { AnnotationItem, NewDecision, Queue, QueueScope, Step } from '#shared/entities.ts';

export interface Decide {
  readonly kind: 'decide';
  readonly requestId: string;
  readonly item: AnnotationItem;
  readonly verdict: Verdict;
  readonly attributes: VerdictAttributes;
  readonly durationMs: number;
  /** Of a set: the order of its replies. */
  readonly ranking?: NewDecision['ranking'];
  /** When the key was pressed. */
  readonly at: string;
  /** The version of the guidelines on the page then. */
  readonly guidelines: number | undefined;
}
/** Which decision it means is main's last word when it is sent. */
export interface Move {
  readonly kind: 'undo' | 'redo';
}
export type Operation = Decide | Move;

export interface Session {
  readonly scope: QueueScope;
  /** On screen first, then the prefetched ones. */
  readonly items: readonly AnnotationItem[];
  /** Oldest first; the first is the one being saved while `sending`. */
  readonly operations: readonly Operation[];
  readonly sending: boolean;
  readonly failure: Failure | null;
  /** Main's last word; null before the first. */
  readonly server: Omit<Queue, 'items'> | null;
}

export const WHOLE_PROJECT: QueueScope = { filter: null, includeSkipped: false };
export const emptySession: Session = {
  scope: WHOLE_PROJECT,
  items: [],
  operations: [],
  sending: false,
  failure: null,
  server: null,
};

const isDecide = (operation: Operation): operation is Decide => operation.kind === 'decide';
export const pendingDecisions = (session: Session): readonly Decide[] => session.operations.filter(isDecide);

/** Undo or redo is on its way: what is on screen is about to change. */
export const isMoving = (session: Session): boolean =>
  session.operations.some(({ kind }) => kind !== 'decide');

/** What is decided at once: a set whichever of its pairs it came with, else the pair. */
const keyOf = ({ pairId, set }: AnnotationItem): string =>
  set === null ? `pair ${pairId}` : `set ${set.id}`;

/** Main's queue behind what is on screen now; what is being saved does not come back. */
function merge(onScreen: readonly AnnotationItem[], queue: Queue, operations: readonly Operation[]) {
  const first = onScreen[0];
  const known = new Set(operations.filter(isDecide).map(({ item }) => keyOf(item)));
  if (first !== undefined) known.add(keyOf(first));
  const rest = queue.items.filter((item) => !known.has(keyOf(item)));
  return first === undefined ? rest : [first, ...rest];
}

const withoutItems = ({ items: _, ...rest }: Queue): Omit<Queue, 'items'> => rest;

/** The pair on screen as main has it now (the project may reveal more), its sides where they are. */
function refreshed(session: Session, queue: Queue): readonly AnnotationItem[] {
  const first = session.items[0];
  const fresh = queue.items.find(({ pairId }) => pairId === first?.pairId);
  if (first === undefined || fresh === undefined || session.operations.length > 0) return session.items;
  return [{ ...fresh, left: first.left, right: first.right }];
}

/** A queue just loaded; with `jump`, its first item takes the screen (a pair asked for by name). */
export function loaded(session: Session, queue: Queue, jump: boolean): Session {
  const onScreen = jump ? [] : refreshed(session, queue);
  return { ...session, items: merge(onScreen, queue, session.operations), server: withoutItems(queue) };
}

export type NewVerdict = Pick<
  Decide,
  'requestId' | 'verdict' | 'attributes' | 'durationMs' | 'at' | 'guidelines' | 'ranking'
>;

/** Nothing where there is no pair, or where the one on screen is about to give way to another. */
export function decide(session: Session, verdict: NewVerdict): Session {
  const item = session.items[0];
  if (item === undefined || isMoving(session)) return session;
  return {
    ...session,
    items: session.items.slice(1),
    operations: [...session.operations, { kind: 'decide', item, ...verdict }],
  };
}

/**
 * Takes back the latest decision once it is saved, so that it can be redone. While nothing can be saved, a verdict that
 * waits is dropped: main has never decided it.
 */
export function undo(session: Session): Session {
  const last = session.operations.at(-1);
  if (session.failure !== null && last?.kind === 'decide') {
    return {
      ...session,
      items: [last.item, ...session.items],
      operations: session.operations.slice(0, -1),
      failure: session.operations.length === 1 ? null : session.failure,
    };
  }
  const possible = session.operations.length > 0 || (session.server?.undo ?? null) !== null;
  return possible ? { ...session, operations: [...session.operations, { kind: 'undo' }] } : session;
}

/** A verdict that waits to be saved leaves nothing to redo. */
export function redo(session: Session): Session {
  if (session.operations.some(isDecide)) return session;
  const possible = isMoving(session) || (session.server?.redo ?? null) !== null;
  return possible ? { ...session, operations: [...session.operations, { kind: 'redo' }] } : session;
}

/** A reply was written: main's queue, with the pair that was on screen where it is. */
export const written = (session: Session, queue: Queue): Session => ({
  ...session,
  items: merge(session.items, queue, session.operations),
  server: withoutItems(queue),
});

/** The decision that an undo or a redo names when it is sent; null where main knows of none. */
export const target = ({ server }: Session, { kind }: Move): Step | null => server?.[kind] ?? null;

export const sendingStarted = (session: Session): Session => ({ ...session, sending: true, failure: null });

/** The first operation is on disk; `queue` is main's answer. */
export function saved(session: Session, queue: Queue): Session {
  const [done, ...operations] = session.operations;
  const asked = done?.kind === 'decide' && queue.why === done.item.pairId ? decidedItem(done) : null;
  const redone = done?.kind === 'redo' ? (session.server?.redo ?? null) : null;
  // An undo brings its pair; a redo takes it away where it is on screen.
  const stays = done?.kind !== 'undo' && !(redone !== null && isOf(redone, session.items[0]));
  return {
    ...session,
    operations,
    sending: false,
    failure: null,
    items: [
      ...(asked === null ? [] : [asked]),
      ...merge(stays ? session.items : [], queue, operations).filter(
        ({ pairId }) => pairId !== asked?.pairId,
      ),
    ],
    server: withoutItems(queue),
  };
}

const isOf = ({ pairId, setId }: Step, item: AnnotationItem | undefined): boolean =>
  item !== undefined && (setId === null ? item.pairId === pairId : item.set?.id === setId);

/** A pair that comes back with the verdict that stands on it: it wants a rationale. */
const decidedItem = ({ item, verdict, attributes }: Decide): AnnotationItem => ({
  ...item,
  verdict,
  attributes,
});

/** The first operation could not be saved; it stays first, to be tried again. */
export const failed = (session: Session, failure: Failure): Session => ({
  ...session,
  sending: false,
  failure,
});

/** Main has another history than this page thought: nothing was done, and nothing of it is tried again. */
export const moved = (session: Session): Session => ({
  ...session,
  operations: session.operations.filter(isDecide),
  sending: false,
  failure: null,
});
