import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { annotatorTable } from './annotators.ts';
import { createDatabase, type Database } from './database.ts';
import { labelHistory } from './labelHistory.ts';
import { sessionTable } from './sessionTable.ts';
import { addPairs, pairNumbers, temporaryFolder } from './testProject.ts';

const PAIRS = 3;
const pairId = fc.integer({ min: 1, max: PAIRS });
const durationMs = fc.option(fc.integer({ min: 0, max: 400_000 }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('decide' as const), pairId, durationMs }) },
  // A pair that was decided comes again.
  { weight: 3, arbitrary: fc.record({ what: fc.constant('again' as const), pairId, durationMs }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('undo' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('redo' as const) }) },
  // A decision that fails after it was counted.
  { weight: 1, arbitrary: fc.record({ what: fc.constant('fail' as const), pairId, durationMs }) },
  // A break; and a clock that is set back.
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('wait' as const), minutes: fc.integer({ min: -15, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('begin' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function person(database: Database, name: string, now: () => string) {
  const { id: annotatorId } = annotatorTable(database).findOrAdd(name);
  const history = labelHistory(database);
  const standing = database
    .prepare<[number, number], number>(
      `SELECT annotation_id FROM standing AS now WHERE pair_id = ? AND annotator_id = ? AND NOT EXISTS
         (SELECT 1 FROM repeats WHERE repeats.pair_id = now.pair_id AND repeats.annotator_id = now.annotator_id)`,
    )
    .pluck();
  const draw = database.prepare(
    "INSERT INTO repeats (annotator_id, pair_id, first_id, left_key, drawn_at) VALUES (?, ?, ?, 'a', 't')",
  );
  const decide = (of: { pairId: number; durationMs: number | null }, repeatsId?: number): void =>
    history.decide({
      ...{ requestId: null, guidelinesId: null, annotatorId, decision: 'a', leftKey: 'a', at: now() },
      ...{ ...of, ...(repeatsId !== undefined && { repeatsId }) },
    });
  return {
    annotatorId,
    decide,
    again(of: { pairId: number; durationMs: number | null }): void {
      const firstId = standing.get(of.pairId, annotatorId);
      if (firstId === undefined) return;
      draw.run(annotatorId, of.pairId, firstId);
      decide(of, firstId);
    },
    undo: () => history.undo(annotatorId) && history.takeBack({ annotatorId, at: now() }),
    redo: () => history.redo(annotatorId) && history.bringBack({ annotatorId, at: now() }),
  };
}

function goThrough(database: Database, steps: readonly Step[]): void {
  addPairs(database, pairNumbers(PAIRS));
  let clock = Date.UTC(2026, 0, 1, 9);
  const now = (): string => new Date(clock).toISOString();
  const [ada, bob] = [person(database, 'Ada', now), person(database, 'Bob', now)];
  const last = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM annotations').pluck();
  const followed = sessionTable(database);
  let after = 0;
  for (const one of steps) {
    clock += 1000;
    if (one.what === 'wait') clock += 60_000 * one.minutes;
    else if (one.what === 'begin') after = last.get() as number;
    else if (one.what === 'again') ada.again(one);
    else if (one.what === 'decide') {
      bob.decide(one);
      ada.decide(one);
    } else if (one.what === 'fail') {
      database.exec('BEGIN IMMEDIATE');
      ada.decide(one);
      followed.figures(ada.annotatorId, after);
      database.exec('ROLLBACK');
    } else ada[one.what]();
    for (const { annotatorId } of [ada, bob])
      expect(followed.figures(annotatorId, after)).toEqual(
        sessionTable(database).figures(annotatorId, after),
      );
  }
}

it('tells of a session what a look at all of it tells, whatever was decided, taken back or said again', () => {
  const folder = temporaryFolder();
  let files = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      files += 1;
      const database = createDatabase(join(folder, `${files}.facet`));
      try {
        goThrough(database, steps);
      } finally {
        database.close();
      }
    }),
    { numRuns: 120 },
  );
});
