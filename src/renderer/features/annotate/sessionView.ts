/** What the screen says of a session, with what is still being saved counted in, so that it moves with the key. */
import type { Step } from '#shared/entities.ts';
import { type Decide, isMoving, pendingDecisions, type Session } from './session.ts';

export interface Counts {
  readonly decided: number;
  readonly total: number;
  readonly remaining: number;
  readonly skipped: number;
  readonly inSession: number;
  readonly medianMs: number | null;
  /** Of what is saved: time active, what of it lies after the last break, and flagged pairs. */
  readonly activeMs: number;
  readonly sinceBreakMs: number;
  readonly flags: number;
  /** Pairs that came again, and how many were decided as the first time; null where they are too few to tell. */
  readonly again: { readonly answered: number; readonly same: number } | null;
}

export function counts(session: Session): Counts {
  const { server } = session;
  const pending = pendingDecisions(session);
  const pairs = (some: readonly Decide[]) => some.reduce((sum, { item }) => sum + (item.set?.pairs ?? 1), 0);
  const fresh = pairs(pending.filter(({ item }) => item.verdict === null));
  const skipped =
    pairs(pending.filter(({ verdict }) => verdict === 'skip')) -
    pairs(pending.filter(({ item }) => item.verdict === 'skip'));
  return {
    decided: (server?.decided ?? 0) + fresh,
    total: server?.total ?? 0,
    remaining: Math.max(0, (server?.remaining ?? 0) - fresh),
    skipped: Math.max(0, (server?.skipped ?? 0) + skipped),
    inSession: (server?.session.decided ?? 0) + pairs(pending),
    medianMs: server?.session.medianMs ?? null,
    activeMs: server?.session.activeMs ?? 0,
    sinceBreakMs: server?.session.sinceBreakMs ?? 0,
    flags: server?.session.flags ?? 0,
    again: server?.session.again ?? null,
  };
}

/** A decision as the screen tells of it: `Step` without a name for those that main does not know yet. */
export type Told = Omit<Step, 'id'>;

/** What the next undo would take back; null where there is nothing, or where main has yet to say. */
export function undoable(session: Session): Told | null {
  if (isMoving(session)) return null;
  const last = pendingDecisions(session).at(-1);
  if (last === undefined) return session.server?.undo ?? null;
  const { item, verdict, attributes } = last;
  return {
    pairId: item.pairId,
    verdict,
    leftKey: item.left.key,
    otherwise: item.verdict,
    prompt: item.messages.at(-1)?.content ?? '',
    attributes,
    setId: item.set?.id ?? null,
  };
}

export function redoable(session: Session): Told | null {
  return session.operations.length > 0 ? null : (session.server?.redo ?? null);
}
