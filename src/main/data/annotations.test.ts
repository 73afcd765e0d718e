import { describe, expect, it } from 'vitest';
import type { Verdict } from '#core/preference.ts';
import { annotationTable } from './annotations.ts';
import { annotatorTable } from './annotators.ts';
import { labelHistory } from './labelHistory.ts';
import { labelQueue } from './labelQueue.ts';
import { addPairs, pairNumbers, temporaryDatabase } from './testProject.ts';

const WHOLE = { filter: null, includeSkipped: false };
const at = '2026-01-01T00:00:00.000Z';

function labelled() {
  const database = temporaryDatabase();
  addPairs(database, pairNumbers(3));
  const annotators = annotatorTable(database);
  const history = labelHistory(database);
  const queue = labelQueue(database, {
    found: () => new Uint32Array(0),
    ordered: () => null,
    isGold: () => false,
    room: () => null,
  });
  const { id: annotatorId } = annotators.findOrAdd('Ada');
  const decide = (pairId: number, decision: Verdict, by = annotatorId) =>
    history.decide({
      requestId: null,
      guidelinesId: null,
      pairId,
      annotatorId: by,
      decision,
      leftKey: 'a',
      durationMs: 10 * pairId,
      at,
    });
  const undo = () => {
    for (const pairId of history.takeBack({ annotatorId, at })) queue.reopened(annotatorId, pairId);
  };
  return {
    database,
    annotators,
    table: annotationTable(database),
    history,
    queue,
    annotatorId,
    decide,
    undo,
    redo: () => history.bringBack({ annotatorId, at }),
  };
}
const standingRows = ({ database }: ReturnType<typeof labelled>) =>
  database
    .prepare(
      `SELECT pair_id, annotation_id, decision FROM standing JOIN annotators ON id = annotator_id
       WHERE kind = 'person' ORDER BY annotator_id, pair_id`,
    )
    .raw()
    .all();

describe('annotations', () => {
  it('are never changed, deleted or replaced', () => {
    const { database, decide } = labelled();
    decide(1, 'a');
    const change = (sql: string) => () => database.exec(sql);
    expect(change("UPDATE annotations SET decision = 'b'")).toThrow('append-only');
    expect(change('DELETE FROM annotations')).toThrow('append-only');
    expect(
      change(`INSERT OR REPLACE INTO annotations (id, pair_id, annotator_id, decision, created_at, supersedes_id)
        SELECT id, pair_id, annotator_id, 'b', created_at, supersedes_id FROM annotations ORDER BY id DESC LIMIT 1`),
    ).toThrow();
    expect(database.prepare('SELECT decision FROM annotations ORDER BY id DESC').pluck().get()).toBe('a');
  });

  it('must supersede the latest of their annotator on their pair', () => {
    const { database, decide, annotatorId } = labelled();
    decide(1, 'a');
    const fork = `INSERT INTO annotations (pair_id, annotator_id, decision, created_at)
      VALUES (1, ${annotatorId}, 'b', 't')`;
    expect(() => database.exec(fork)).toThrow('supersedes the latest');
  });

  it('that put an earlier one back in force must be as it was', () => {
    const { database, decide, annotatorId } = labelled();
    decide(1, 'a');
    const restore = (decision: string, durationMs: number) => () =>
      database.exec(`INSERT INTO annotations
        (pair_id, annotator_id, action, decision, left_key, duration_ms, restores_id, created_at, supersedes_id)
        VALUES (1, ${annotatorId}, 'undo', '${decision}', 'a', ${durationMs}, 4, 't', 4)`);
    expect(restore('b', 10)).toThrow('as it was');
    expect(restore('a', 11)).toThrow('as it was');
    expect(restore('a', 10)).not.toThrow();
  });

  it('of one person leave the queue of another alone', () => {
    const { annotators, queue, decide, annotatorId } = labelled();
    const { id: other } = annotators.findOrAdd('Ben');
    decide(1, 'a');
    decide(2, 'skip', other);
    expect(queue.next(WHOLE, annotatorId, null, 5)).toEqual([2, 3]);
    expect(queue.next(WHOLE, other, null, 5)).toEqual([1, 3]);
  });
});

describe('the history of an annotator', () => {
  it('puts the earlier verdict back in force, the very row with its time and sides', () => {
    const label = labelled();
    label.decide(1, 'a');
    label.decide(2, 'tie');
    label.decide(1, 'b');
    const before = [
      [1, 4, 'a'],
      [2, 5, 'tie'],
    ];
    expect(standingRows(label)).toEqual([
      [1, 6, 'b'],
      [2, 5, 'tie'],
    ]);
    expect(label.history.undo(label.annotatorId)).toMatchObject({ pairId: 1, verdict: 'b', otherwise: 'a' });
    label.undo();
    expect(standingRows(label)).toEqual(before);
    expect(label.queue.next(WHOLE, label.annotatorId, null, 5)).toEqual([3]);
    const last = label.database
      .prepare('SELECT action, decision, left_key, duration_ms FROM annotations ORDER BY id DESC')
      .raw();
    expect(last.get()).toEqual(['undo', 'a', 'a', 10]);
  });

  it('goes back without end and forward again', () => {
    const label = labelled();
    label.decide(1, 'a');
    label.decide(1, 'skip');
    label.decide(2, 'tie');
    const states = [standingRows(label)];
    while (label.history.undo(label.annotatorId) !== null) {
      label.undo();
      states.push(standingRows(label));
    }
    expect(states.at(-1)).toEqual([]);
    expect(label.queue.next(WHOLE, label.annotatorId, null, 5)).toEqual([1, 2, 3]);
    const forward = [standingRows(label)];
    while (label.history.redo(label.annotatorId) !== null) {
      label.redo();
      forward.push(standingRows(label));
    }
    expect(forward).toEqual(states.reverse());
  });

  it('forgets what was taken back once something new is decided', () => {
    const label = labelled();
    label.decide(1, 'a');
    label.decide(2, 'b');
    label.undo();
    label.undo();
    label.decide(3, 'tie');
    expect(label.history.redo(label.annotatorId)).toBeNull();
    label.undo();
    expect(label.history.redo(label.annotatorId)).toMatchObject({ pairId: 3 });
    expect(label.history.undo(label.annotatorId)).toBeNull();
  });
});

describe('people', () => {
  it('keep their number under a new name, which nobody else may have', () => {
    const { annotators, annotatorId } = labelled();
    const { id: other } = annotators.findOrAdd('Ben');
    expect(annotators.rename(annotatorId, 'Ada Lovelace')).toEqual({ id: annotatorId, name: 'Ada Lovelace' });
    expect(annotators.findOrAdd('Ada Lovelace').id).toBe(annotatorId);
    expect(() => annotators.rename(other, 'Ada Lovelace')).toThrow('labels in this project already');
    expect(() => annotators.rename(99, 'Cyd')).toThrow('Nobody labels');
  });
});
