import { describe, expect, it } from 'vitest';
import type { AnnotationItem, Queue } from '#shared/entities.ts';
import {
  counts,
  decide,
  emptySession,
  failed,
  loaded,
  type Session,
  saved,
  sendingStarted,
  undo,
} from './session.ts';

const item = (pairId: number): AnnotationItem => ({
  pairId,
  messages: [{ role: 'user', content: `prompt ${pairId}` }],
  left: { key: 'a', text: 'left' },
  right: { key: 'b', text: 'right' },
  source: 'test',
  aspect: null,
  verdict: null,
  revealed: null,
});
const queue = (pairIds: readonly number[], decided: number): Queue => ({
  remaining: 10 - decided,
  total: 10,
  decided,
  items: pairIds.map(item),
  setAside: 0,
  canUndo: decided > 0,
  session: { decided, medianMs: null },
});
const shown = (session: Session) => session.items.map(({ pairId }) => pairId);
const waiting = (session: Session) =>
  session.operations.map((entry) =>
    entry.kind === 'decide' ? `${entry.item.pairId}:${entry.verdict}` : 'undo',
  );
const start = loaded(emptySession, queue([1, 2, 3], 0), true);

describe('deciding', () => {
  it('shows the next item at once and keeps the verdict until it is saved', () => {
    const session = decide(start, 'a', 900);
    expect(shown(session)).toEqual([2, 3]);
    expect(waiting(session)).toEqual(['1:a']);
    expect(counts(session)).toMatchObject({ decided: 1, remaining: 9, inSession: 1 });
  });

  it('does not bring back a pair whose verdict is still on its way', () => {
    let session = decide(decide(start, 'a', 1), 'tie', 1);
    session = saved(sendingStarted(session), queue([2, 3, 4], 1));
    expect(shown(session)).toEqual([3, 4]);
    expect(counts(session)).toMatchObject({ decided: 2, remaining: 8 });
  });

  it('keeps what is on screen even when main would start elsewhere', () => {
    const revisiting = loaded(start, queue([7, 1, 2], 3), true);
    expect(shown(saved(sendingStarted(decide(revisiting, 'b', 1)), queue([2, 1, 3], 3)))).toEqual([1, 2, 3]);
  });

  it('counts a corrected verdict once', () => {
    const again = loaded(emptySession, { ...queue([1], 4), items: [{ ...item(1), verdict: 'a' }] }, true);
    expect(counts(decide(again, 'b', 1)).decided).toBe(4);
  });

  it('does nothing without an item', () => {
    expect(decide(emptySession, 'a', 1)).toBe(emptySession);
  });
});

describe('loading again', () => {
  const revealed = { imported: 'b' as const, history: [] };
  const swapped = { ...item(1), left: item(1).right, right: item(1).left, revealed };

  it('takes what main now reveals about the pair on screen, its sides unchanged', () => {
    const again = loaded(start, { ...queue([1, 2], 0), items: [swapped, item(2)] }, false);
    expect(again.items[0]).toEqual({ ...item(1), revealed });
  });

  it('leaves a pair taken back as it is until main has taken it back too', () => {
    const back = undo(sendingStarted(decide(start, 'a', 1)));
    expect(loaded(back, { ...queue([1, 2], 0), items: [swapped] }, false).items[0]).toBe(back.items[0]);
  });
});

describe('a failed save', () => {
  const failure = { code: 'database.full', message: 'The disk is full.' };
  const stuck = failed(sendingStarted(decide(decide(start, 'a', 1), 'b', 1)), failure);

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
  it('drops a verdict that was not sent and asks main for nothing', () => {
    const session = undo(decide(start, 'a', 1));
    expect(shown(session)).toEqual([1, 2, 3]);
    expect(waiting(session)).toEqual([]);
  });

  it('undoes a verdict being sent after it is saved, the pair back on screen at once', () => {
    const session = undo(sendingStarted(decide(start, 'a', 1)));
    expect(shown(session)).toEqual([1, 2, 3]);
    expect(waiting(session)).toEqual(['1:a', 'undo']);
    const afterSave = saved(session, queue([2, 3], 1));
    expect(shown(afterSave)).toEqual([1, 2, 3]);
    expect(shown(saved(sendingStarted(afterSave), queue([1, 2, 3], 0)))).toEqual([1, 2, 3]);
  });

  it('goes back over several verdicts, latest first', () => {
    let session = decide(decide(start, 'a', 1), 'b', 1);
    session = saved(sendingStarted(session), queue([2, 3], 1));
    session = saved(sendingStarted(session), queue([3], 2));
    session = undo(undo(session));
    expect(shown(session)).toEqual([1, 2, 3]);
    expect(waiting(session)).toEqual(['undo', 'undo']);
    expect(counts(session)).toMatchObject({ decided: 0, remaining: 10 });
  });

  it('reaches back before the screen was opened, where main says which pair it was', () => {
    const reopened = loaded(emptySession, queue([3, 4], 2), false);
    const session = undo(reopened);
    expect(waiting(session)).toEqual(['undo']);
    expect(shown(saved(sendingStarted(session), queue([2, 3, 4], 1)))).toEqual([2, 3, 4]);
  });

  it('does nothing where there is nothing to undo', () => {
    expect(undo(start)).toBe(start);
  });
});
