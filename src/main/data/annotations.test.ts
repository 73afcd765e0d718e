import { describe, expect, it } from 'vitest';
import { annotationTable, type NewAnnotation } from './annotations.ts';
import { addPairs, pairNumbers, temporaryDatabase } from './testProject.ts';

function labelled() {
  const database = temporaryDatabase();
  addPairs(database, pairNumbers(3));
  const table = annotationTable(database);
  const { id: annotatorId } = table.person('Ada');
  const decide = (pairId: number, decision: NewAnnotation['decision'], by = annotatorId) =>
    table.append({
      pairId,
      annotatorId: by,
      decision,
      leftKey: 'a',
      durationMs: 10,
      at: '2026-01-01T00:00:00.000Z',
    });
  return { database, table, annotatorId, decide };
}

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

  it('stand by their latest decision, and a retraction leaves the pair undecided', () => {
    const { database, table, decide, annotatorId } = labelled();
    decide(1, 'a');
    decide(1, 'tie');
    expect(table.standing(1, annotatorId)).toBe('tie');
    decide(1, 'retracted');
    expect(table.standing(1, annotatorId)).toBeNull();
    expect(table.nextUndecided(annotatorId, 5)).toEqual([1, 2, 3]);
    decide(1, 'b');
    expect(table.standing(1, annotatorId)).toBe('b');
    const chain = database
      .prepare('SELECT supersedes_id FROM annotations WHERE annotator_id = ? ORDER BY id')
      .pluck()
      .all(annotatorId);
    expect(chain).toEqual([null, 4, 5, 6]);
  });

  it('of one person leave the queue of another alone', () => {
    const { table, decide, annotatorId } = labelled();
    const { id: other } = table.person('Ben');
    decide(1, 'a');
    decide(2, 'skip', other);
    expect(table.nextUndecided(annotatorId, 5)).toEqual([2, 3]);
    expect(table.nextUndecided(other, 5)).toEqual([1, 3]);
    expect(table.latestStanding(other)).toBe(2);
  });
});
