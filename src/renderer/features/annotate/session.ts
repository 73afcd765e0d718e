/**
 * The annotation session as a pure state machine: what is on screen, what still has to be saved, what was decided.
 * Verdicts move the screen at once; their saving follows in order, one at a time.
 */
import type { Verdict } from '#core/preference.ts';
import type { Failure } from '#core/result.ts';
import type { AnnotationItem, Queue } from '#shared/entities.ts';

export type Operation =
  | {
      readonly id: number;
      readonly kind: 'decide';
      readonly item: AnnotationItem;
      readonly verdict: Verdict;
      readonly durationMs: number;
    }
  /** `item` is the one already put back on screen; null where main must say which it was. */
  | { readonly id: number; readonly kind: 'undo'; readonly item: AnnotationItem | null };

export interface Decided {
  readonly item: AnnotationItem;
  readonly verdict: Verdict;
}

export interface Session {
  /** On screen first, then the prefetched ones. */
  readonly items: readonly AnnotationItem[];
  /** Oldest first; the first is the one being saved while `sending`. */
  readonly operations: readonly Operation[];
  readonly sending: boolean;
  readonly failure: Failure | null;
  /** Decided since the screen was loaded, latest last. */
  readonly decided: readonly Decided[];
  /** Main's last word; null before the first. */
  readonly server: Omit<Queue, 'items'> | null;
  readonly nextId: number;
}

export const emptySession: Session = {
  items: [],
  operations: [],
  sending: false,
  failure: null,
  decided: [],
  server: null,
  nextId: 1,
};

const pendingPairs = (operations: readonly Operation[]) =>
  new Set(operations.flatMap((operation) => (operation.kind === 'decide' ? [operation.item.pairId] : [])));

/** Main's queue behind what is on screen now; what is being saved does not come back. */
function merge(onScreen: readonly AnnotationItem[], queue: Queue, operations: readonly Operation[]) {
  const pending = pendingPairs(operations);
  const first = onScreen[0];
  const rest = queue.items.filter(({ pairId }) => !pending.has(pairId) && pairId !== first?.pairId);
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
  return {
    ...session,
    items: merge(onScreen, queue, session.operations),
    server: withoutItems(queue),
  };
}

export function decide(session: Session, verdict: Verdict, durationMs: number): Session {
  const item = session.items[0];
  if (item === undefined) return session;
  const operation: Operation = { id: session.nextId, kind: 'decide', item, verdict, durationMs };
  return {
    ...session,
    items: session.items.slice(1),
    operations: [...session.operations, operation],
    decided: [...session.decided, { item, verdict }],
    nextId: session.nextId + 1,
  };
}

/** Takes back the latest verdict: one that was not sent yet is dropped, a sent one is undone in main. */
export function undo(session: Session): Session {
  const last = session.operations.at(-1);
  const latest = session.decided.at(-1);
  const inFlight = session.sending && session.operations.length === 1;
  if (last?.kind === 'decide' && !inFlight) {
    return {
      ...session,
      items: [last.item, ...session.items],
      operations: session.operations.slice(0, -1),
      decided: session.decided.slice(0, -1),
      failure: session.operations.length === 1 ? null : session.failure,
    };
  }
  if (latest === undefined && session.server?.canUndo !== true) return session;
  if (latest === undefined && session.operations.length > 0) return session;
  const item = latest === undefined ? null : { ...latest.item, verdict: null };
  return {
    ...session,
    items: item === null ? session.items : [item, ...session.items],
    operations: [...session.operations, { id: session.nextId, kind: 'undo', item }],
    decided: session.decided.slice(0, -1),
    nextId: session.nextId + 1,
  };
}

export const sendingStarted = (session: Session): Session => ({ ...session, sending: true, failure: null });

/** The first operation is on disk; `queue` is main's answer. */
export function saved(session: Session, queue: Queue): Session {
  const [done, ...operations] = session.operations;
  const broughtBack = done?.kind === 'undo' && done.item === null ? queue.items[0] : undefined;
  const onScreen = broughtBack === undefined ? session.items : [broughtBack, ...session.items];
  return {
    ...session,
    operations,
    sending: false,
    failure: null,
    items: merge(onScreen, queue, operations),
    server: withoutItems(queue),
  };
}

/** The first operation could not be saved; it stays first, to be tried again. */
export const failed = (session: Session, failure: Failure): Session => ({
  ...session,
  sending: false,
  failure,
});

export interface Counts {
  readonly decided: number;
  readonly total: number;
  readonly remaining: number;
  readonly inSession: number;
  readonly medianMs: number | null;
  readonly canUndo: boolean;
}

/** Main's counts with what is still being saved added, so that they move with the key. */
export function counts({ server, operations, decided }: Session): Counts {
  let fresh = 0;
  let session = 0;
  for (const operation of operations) {
    if (operation.kind === 'undo') {
      fresh -= 1;
      session -= 1;
    } else {
      fresh += operation.item.verdict === null ? 1 : 0;
      session += 1;
    }
  }
  return {
    decided: (server?.decided ?? 0) + fresh,
    total: server?.total ?? 0,
    remaining: Math.max(0, (server?.remaining ?? 0) - fresh),
    inSession: Math.max(0, (server?.session.decided ?? 0) + session),
    medianMs: server?.session.medianMs ?? null,
    canUndo: decided.length > 0 || server?.canUndo === true,
  };
}
