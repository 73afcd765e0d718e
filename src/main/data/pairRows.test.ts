import { describe, expect, it } from 'vitest';
import type { PairFilter } from '#shared/entities.ts';
import { STANDING_VERDICT } from './annotations.ts';
import { annotatorTable } from './annotators.ts';
import type { Database } from './database.ts';
import { LibraryIndex } from './LibraryIndex.ts';
import { LATEST_STEP, labelHistory, NEXT_STEP, RANKED_WITH, STEP } from './labelHistory.ts';
import { BETWEEN, NEXT_FIRST, NEXT_WRITTEN, nextSql, OWN_DECISIONS } from './labelQueue.ts';
import { OWN, PAGE_ROWS, pairTotals } from './pairRows.ts';
import { SESSION_DECISIONS } from './sessionTable.ts';
import { addPairs, newPair, pairNumbers, temporaryDatabase } from './testProject.ts';

const filter = (changes: Partial<PairFilter> = {}): PairFilter => ({
  text: '',
  sourceId: null,
  status: 'all',
  ...changes,
});

function plan(database: Database, sql: string, bound: Record<string, unknown>): string {
  const rows = database.prepare<[Record<string, unknown>], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  return rows
    .all(bound)
    .map(({ detail }) => detail)
    .join('\n');
}

describe('library rows', () => {
  it('come by position, with what the file and the annotator say', () => {
    const database = temporaryDatabase();
    addPairs(database, pairNumbers(5));
    const history = labelHistory(database);
    const { id: annotatorId } = annotatorTable(database).findOrAdd('Ada');
    const decide = (pairId: number, decision: 'tie' | 'skip') =>
      history.decide({
        requestId: null,
        guidelinesId: null,
        pairId,
        annotatorId,
        decision,
        leftKey: 'b',
        durationMs: 1,
        at: 't',
      });
    decide(2, 'tie');
    decide(3, 'skip');
    const table = new LibraryIndex(database);
    const rows = table.rows(filter(), { annotatorId, blind: false }, 1, 3);
    expect(rows.map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['tie', 'skip', null]);
    expect(rows.map(({ by }) => by)).toEqual(['Ada', 'Ada', null]);
    const [first] = rows;
    expect(first?.imported && first[first.imported as 'a' | 'b']).toBe('Kindly, answer 2.');
    const count = (status: PairFilter['status']) =>
      table.count(filter({ status }), { annotatorId, blind: false });
    expect([count('all'), count('unlabelled'), count('labelled'), count('skipped')]).toEqual([5, 3, 1, 1]);
    expect(pairTotals(database).totals()).toEqual({ pairs: 5, prompts: 5, labelled: 1, runs: 0 });
  });

  it('hide what others say until this annotator has decided, where asked to; a skip decides nothing', () => {
    const database = temporaryDatabase();
    addPairs(database, pairNumbers(3));
    const annotators = annotatorTable(database);
    const [ada, bob] = [annotators.findOrAdd('Ada').id, annotators.findOrAdd('Bob').id];
    const history = labelHistory(database);
    const decide = (pairId: number, annotatorId: number, decision: 'tie' | 'skip' | 'a') =>
      history.decide({
        requestId: null,
        guidelinesId: null,
        pairId,
        annotatorId,
        decision,
        leftKey: 'b',
        durationMs: 1,
        at: 't',
      });
    for (const pairId of [1, 2, 3]) decide(pairId, bob, 'a');
    decide(2, ada, 'skip');
    decide(3, ada, 'tie');
    const read = (blind: boolean) =>
      new LibraryIndex(database)
        .rows(filter(), { annotatorId: ada, blind }, 0, 10)
        .map(({ hidden, imported, verdict, by }) => [hidden, imported !== null, verdict, by]);
    expect(read(true)).toEqual([
      [true, false, null, null],
      [true, false, 'skip', 'Ada'],
      [false, true, 'tie', 'Ada'],
    ]);
    expect(read(false)).toEqual([
      [false, true, 'a', 'Bob'],
      [false, true, 'skip', 'Ada'],
      [false, true, 'tie', 'Ada'],
    ]);
  });

  it('are found by any typed text, which is never read as a query language', () => {
    const database = temporaryDatabase();
    addPairs(database, [
      newPair(1, {
        messages: [{ role: 'user', content: 'Refund the état-of-the-art C++ "thing" (NOT OR)' }],
      }),
      newPair(2),
    ]);
    const found = (text: string) =>
      new LibraryIndex(database)
        .rows(filter({ text }), { annotatorId: 0, blind: false }, 0, 10)
        .map(({ id }) => id);
    expect(found('refu')).toEqual([1, 2]);
    expect(found('etat-of')).toEqual([1]);
    expect(found('"thing" (NOT')).toEqual([1]);
    expect(found('shout 2')).toEqual([2]);
    for (const text of [
      '"',
      'a OR',
      'NEAR(',
      'prompt:x',
      '*',
      "'; DROP TABLE pairs",
      '-',
      'a"b"c',
      '^x',
      '{a}',
    ]) {
      expect(() => found(text), text).not.toThrow();
    }
    expect(found('!!!')).toEqual([]);
    expect(found('  ')).toEqual([1, 2]);
  });
});

describe('pair identity', () => {
  it('finds a pair again with its replies in either order, and tells of the opposite label', () => {
    const database = temporaryDatabase();
    const pair = newPair(1);
    const swapped = { ...pair, chosen: pair.rejected, rejected: pair.chosen };
    expect(addPairs(database, [pair, pair, swapped])).toEqual(['added', 'duplicate', 'conflict']);
    expect(addPairs(database, [pair])).toEqual(['duplicate']);
  });

  it('keeps judgements of the same texts apart by aspect and by their own ids, once each', () => {
    const database = temporaryDatabase();
    const pairs = [
      newPair(1, { aspect: 'tone', itemId: 'x' }),
      newPair(1, { aspect: 'truth', itemId: 'y' }),
      newPair(1, { aspect: 'tone', itemId: 'z' }),
    ];
    expect(addPairs(database, pairs)).toEqual(['added', 'added', 'added']);
    expect(addPairs(database, pairs)).toEqual(['duplicate', 'duplicate', 'duplicate']);
  });
});

describe('hot queries', () => {
  it('use their indexes and never scan what grows', () => {
    const database = temporaryDatabase();
    addPairs(database, pairNumbers(50));
    const rows = plan(database, PAGE_ROWS, { annotatorId: 2, blind: 1, ids: '[1, 2]' });
    expect(rows).toContain('SEARCH own USING PRIMARY KEY (pair_id=? AND annotator_id=?)');
    expect(rows).toContain('SEARCH stored_pairs USING INTEGER PRIMARY KEY (rowid=?)');
    expect(rows).not.toMatch(
      /SCAN (stored_pairs|stored_prompts|responses|a|b|standing|annotations|code_activations|pair_results)\b/,
    );
    expect(rows).toContain('SCAN page');
    expect(rows).not.toContain('AUTOMATIC');
    const own = 'SEARCH standing USING PRIMARY KEY (pair_id=? AND annotator_id=?)';
    const open = `NOT EXISTS (${OWN})`;
    const next = plan(database, nextSql(open), { annotatorId: 2, after: 0, last: 99, limit: 5 });
    expect(next).toContain(own);
    expect(next).toContain('SEARCH pairs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
    expect(next).not.toContain('TEMP B-TREE');
    expect(plan(database, NEXT_WRITTEN, { annotatorId: 2, limit: 5 })).toContain(own);
    const first = plan(database, NEXT_FIRST, { annotatorId: 2, from: 0, limit: 5 });
    expect(first).toContain('SEARCH marked_pairs USING PRIMARY KEY (mark_id=? AND word>?)');
    expect(first).toContain('SEARCH stored_pairs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
    const standing = plan(database, STANDING_VERDICT, { pairId: 1, annotatorId: 2 });
    expect(standing).toBe(own);
    const session = plan(database, SESSION_DECISIONS, { annotatorId: 2, after: 3 });
    expect(session).toContain('standing_of_people_by_annotation (annotator_id=? AND annotation_id>?)');
    const decided = plan(database, OWN_DECISIONS, { annotatorId: 2 });
    expect(decided).toMatch(/SEARCH standing USING (COVERING )?INDEX [a-z_]+ \(annotator_id=\?\)/);
    const between = plan(database, BETWEEN, { after: 0, last: 9 });
    expect(between).toContain('SEARCH pairs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
  });

  it('of the history find one decision by its key, whatever the length of the log', () => {
    const database = temporaryDatabase();
    addPairs(database, pairNumbers(50));
    const latest = plan(database, LATEST_STEP, { annotatorId: 2 });
    expect(latest).toBe('SEARCH annotators USING INTEGER PRIMARY KEY (rowid=?)');
    for (const belowId of [null, 7]) {
      const next = plan(database, NEXT_STEP, { annotatorId: 2, belowId });
      expect(next).toBe('SEARCH steps USING COVERING INDEX steps_by_below (annotator_id=? AND below_id=?)');
    }
    const step = plan(database, STEP, { id: 3 });
    expect(step).not.toMatch(/SCAN|TEMP B-TREE|AUTOMATIC/);
    const ranked = plan(database, RANKED_WITH, { id: 3 });
    expect(ranked).toContain('ranked_pairs_by_ranking (ranking_id=?');
    expect(ranked).not.toMatch(/SCAN|AUTOMATIC/);
  });
});
