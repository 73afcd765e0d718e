import { describe, expect, it } from 'vitest';
import type { Verdict } from '#core/preference.ts';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { AnnotationItem, Queue, Step } from '#shared/entities.ts';
import {
  decide,
  emptySession,
  failed,
  isMoving,
  loaded,
  moved,
  redo,
  type Session,
  saved,
  sendingStarted,
  target,
  undo,
} from './session.ts';
import { counts, redoable, undoable } from './sessionView.ts';

const item = (pairId: number, verdict: Verdict | null = null): AnnotationItem => ({
  pairId,
  position: pairId,
  reason: null,
  messages: [{ role: 'user', content: `prompt ${pairId}` }],
  left: { key: 'a', text: 'left', turns: [] },
  right: { key: 'b', text: 'right', turns: [] },
  set: null,
  source: 'test',
  aspect: null,
  verdict,
  attributes: verdict === null ? null : NO_ATTRIBUTES,
  revealed: null,
});
const step = (pairId: number, changes: Partial<Step> = {}): Step => ({
  id: 100 + pairId,
  pairId,
  verdict: 'a',
  leftKey: 'a',
  otherwise: null,
  prompt: `prompt ${pairId}`,
  attributes: NO_ATTRIBUTES,
  setId: null,
  ...changes,
});
const queue = (pairIds: readonly number[], decided: number, changes: Partial<Queue> = {}): Queue => ({
  annotatorId: 1,
  remaining: 10 - decided,
  total: 10,
  decided,
  skipped: 0,
  items: pairIds.map((id) => item(id)),
  setAside: 0,
  undo: decided > 0 ? step(decided) : null,
  redo: null,
  why: null,
  gold: null,
  guidelines: { number: 1, told: 1 },
  session: { decided, medianMs: null, activeMs: 0, sinceBreakMs: 0, flags: 0, again: null },
  ...changes,
});
let requests = 0;
const press = (session: Session, verdict: Verdict) => {
  requests += 1;
  return decide(session, {
    guidelines: 1,
    verdict,
    attributes: NO_ATTRIBUTES,
    durationMs: 1,
    requestId: String(requests),
    at: 't',
  });
};
const shown = (session: Session) => session.items.map(({ pairId }) => pairId);
const waiting = (session: Session) =>
  session.operations.map((entry) =>
    entry.kind === 'decide' ? `${entry.item.pairId}:${entry.verdict}` : entry.kind,
  );
const start = loaded(emptySession, queue([1, 2, 3], 0), true);

describe('deciding', () => {
  it('shows the next item at once and keeps the verdict until it is saved', () => {
    const session = press(start, 'a');
    expect(shown(session)).toEqual([2, 3]);
    expect(waiting(session)).toEqual(['1:a']);
    expect(counts(session)).toMatchObject({ decided: 1, remaining: 9, inSession: 1 });
  });

  it('brings back a pair that wants a reason, with the verdict that stands on it', () => {
    const pressed = press(press(start, 'a'), 'tie');
    const session = saved(sendingStarted(pressed), queue([3, 4], 1, { why: 1 }));
    expect(shown(session)).toEqual([1, 3, 4]);
    expect(session.items[0]).toMatchObject({ verdict: 'a', attributes: NO_ATTRIBUTES });
    expect(waiting(session)).toEqual(['2:tie']);
    // The next answer says nothing of it any more, and it stays until it is answered.
    const later = saved(sendingStarted(session), queue([3, 4, 5], 2));
    expect(shown(later)).toEqual([1, 3, 4, 5]);
  });

  it('does not bring back a pair whose verdict is still on its way', () => {
    let session = press(press(start, 'a'), 'tie');
    session = saved(sendingStarted(session), queue([2, 3, 4], 1));
    expect(shown(session)).toEqual([3, 4]);
    expect(counts(session)).toMatchObject({ decided: 2, remaining: 8 });
  });

  it('keeps what is on screen even when main would start elsewhere', () => {
    const revisiting = loaded(start, queue([7, 1, 2], 3), true);
    expect(shown(saved(sendingStarted(press(revisiting, 'b')), queue([2, 1, 3], 3)))).toEqual([1, 2, 3]);
  });

  it('counts a corrected verdict once, and a skip that is decided no more as one', () => {
    const again = loaded(emptySession, { ...queue([1], 4), items: [item(1, 'skip')], skipped: 1 }, true);
    expect(counts(press(again, 'b'))).toMatchObject({ decided: 4, skipped: 0 });
    expect(counts(press(start, 'skip'))).toMatchObject({ decided: 1, skipped: 1 });
  });

  it('does nothing without an item', () => {
    expect(press(emptySession, 'a')).toBe(emptySession);
  });
});

describe('loading again', () => {
  const revealed = { imported: 'b' as const, labels: [], history: [] };
  const swapped = { ...item(1), left: item(1).right, right: item(1).left, revealed };

  it('takes what main now reveals about the pair on screen, its sides unchanged', () => {
    const again = loaded(start, { ...queue([1, 2], 0), items: [swapped, item(2)] }, false);
    expect(again.items[0]).toEqual({ ...item(1), revealed });
  });
});

describe('a failed save', () => {
  const failure = { code: 'database.full', message: 'The disk is full.' };
  const stuck = failed(sendingStarted(press(press(start, 'a'), 'b')), failure);

  it('keeps every verdict, in order', () => {
    expect(waiting(stuck)).toEqual(['1:a', '2:b']);
    expect(stuck.failure).toEqual(failure);
  });

  it('goes on from the same verdict', () => {
    const session = saved(sendingStarted(stuck), queue([2, 3], 1));
    expect(session.failure).toBeNull();
    expect(waiting(session)).toEqual(['2:b']);
  });

  it('is gone when the only waiting verdict is taken back', () => {
    const session = undo(undo(stuck));
    expect(session.failure).toBeNull();
    expect(shown(session)).toEqual([1, 2, 3]);
  });
});

describe('undo', () => {
  it('of a verdict that waits to be saved waits behind it, so that it can be redone', () => {
    const session = undo(press(start, 'a'));
    expect(waiting(session)).toEqual(['1:a', 'undo']);
    expect(isMoving(session)).toBe(true);
  });

  it('of a verdict being sent waits for it, then names what main says was decided', () => {
    const session = undo(sendingStarted(press(start, 'a')));
    expect(waiting(session)).toEqual(['1:a', 'undo']);
    const afterSave = saved(session, queue([2, 3], 1));
    expect(shown(afterSave)).toEqual([2, 3]);
    expect(target(afterSave, { kind: 'undo' })?.id).toBe(101);
    expect(shown(saved(sendingStarted(afterSave), queue([1, 2, 3], 0)))).toEqual([1, 2, 3]);
  });

  it('shows the pair that main brings, its earlier verdict standing again', () => {
    const server = { undo: step(7, { verdict: 'b', otherwise: 'tie' }) };
    const session = undo(loaded(emptySession, queue([3, 4], 2, server), false));
    const back = { ...queue([3, 4], 2), items: [item(7, 'tie'), item(3), item(4)] };
    const after = saved(sendingStarted(session), back);
    expect(shown(after)).toEqual([7, 3, 4]);
    expect(after.items[0]?.verdict).toBe('tie');
  });

  it('lets no key decide the pair that is about to go', () => {
    const session = undo(loaded(emptySession, queue([3, 4], 2), false));
    expect(isMoving(session)).toBe(true);
    expect(press(session, 'a')).toBe(session);
  });

  it('does nothing where there is nothing to undo', () => {
    expect(undo(start)).toBe(start);
  });

  it('that main refuses is not tried again, and no verdict goes with it', () => {
    const session = undo(sendingStarted(press(start, 'a')));
    expect(waiting(moved(session))).toEqual(['1:a']);
  });
});

describe('redo', () => {
  const undone = loaded(emptySession, queue([1, 2, 3], 0, { redo: step(1) }), true);

  it('moves on from the pair that it decides again', () => {
    const session = saved(sendingStarted(redo(undone)), queue([2, 3, 4], 1));
    expect(shown(session)).toEqual([2, 3, 4]);
  });

  it('leaves another pair on screen where it is', () => {
    const elsewhere = loaded(undone, queue([5, 1, 2], 0, { redo: step(1) }), true);
    expect(shown(saved(sendingStarted(redo(elsewhere)), queue([2, 3, 5], 1)))).toEqual([5, 2, 3]);
  });

  it('is not there after a new verdict, saved or not', () => {
    const session = press(undone, 'b');
    expect(redo(session)).toBe(session);
    expect(redoable(session)).toBeNull();
  });
});

describe('what the buttons say', () => {
  it('is main’s word, or the verdict that waits to be saved', () => {
    const session = loaded(emptySession, queue([3, 4], 2), false);
    expect(undoable(session)).toEqual(step(2));
    expect(undoable(press(session, 'b'))).toMatchObject({ pairId: 3, verdict: 'b', prompt: 'prompt 3' });
  });

  it('is nothing while main has yet to say', () => {
    expect(undoable(undo(loaded(emptySession, queue([3, 4], 2), false)))).toBeNull();
  });
});
