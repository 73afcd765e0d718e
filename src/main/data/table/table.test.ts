import { describe, expect, it } from 'vitest';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import type { Conditions, SortColumn } from '#shared/library.ts';
import { annotatorTable } from '../annotators.ts';
import { LibraryIndex } from '../LibraryIndex.ts';
import { labelHistory } from '../labelHistory.ts';
import type { Viewer } from '../pairRows.ts';
import { addPairs, newPair, temporaryDatabase } from '../testProject.ts';
import { floatKey, ordered } from './order.ts';
import { allSteps } from './Part.ts';
import { placing } from './sortTexts.ts';

const everything: PairFilter = { text: '', sourceId: null, status: 'all' };
const where = (conditions: Conditions): PairFilter => ({ ...everything, where: conditions });
const WORDS = ['Éclair', 'apple', 'Zoo', '“Bee”', 'apple pie', '10 plums', '9 plums', 'zoo keeper', '你好'];

/** Forty pairs of two sources that two people decided in part, with a run that scored some. */
function someProject() {
  const database = temporaryDatabase();
  const pairs = Array.from({ length: 40 }, (_, index) =>
    newPair(index + 1, {
      messages: [{ role: 'user', content: `${WORDS[(index * 7) % WORDS.length]} ${index}` }],
      chosen: `${WORDS[(index * 5) % WORDS.length]} yes ${index}`,
      rejected: `${WORDS[(index * 2) % WORDS.length]} no ${index}`,
      aspect: index % 3 === 0 ? null : `aspect ${index % 5}`,
    }),
  );
  addPairs(database, pairs.slice(0, 25), 'second');
  addPairs(database, pairs.slice(25), 'First');
  const annotators = annotatorTable(database);
  const [ada, bo] = [annotators.findOrAdd('Ada').id, annotators.findOrAdd('Bo').id];
  const history = labelHistory(database);
  const verdicts = ['a', 'b', 'tie', 'skip', 'both_bad'] as const;
  for (let pairId = 1; pairId <= 40; pairId++) {
    for (const [annotatorId, every] of [
      [ada, 3],
      [bo, 4],
    ] as const) {
      if (pairId % every !== 0) continue;
      const decision = verdicts[(pairId + annotatorId) % 5] as (typeof verdicts)[number];
      const at = `2026-02-${String(10 + (pairId % 7)).padStart(2, '0')}T00:00:0${annotatorId % 10}.000Z`;
      history.decide({
        requestId: null,
        guidelinesId: null,
        pairId,
        annotatorId,
        decision,
        leftKey: 'a',
        durationMs: 1,
        at,
      });
    }
  }
  database.exec(`INSERT INTO models (name, path, info) VALUES ('m', '/m', '{}');
    INSERT INTO runs (name, state, model_id, config, seed, selection, pairs, code_version, started_at)
    VALUES ('r', 'finished', 1, '{}', 1, '{}', 40, 'v', 't');
    INSERT INTO pair_results (run_id, step, pair_id, margin, reward_chosen, reward_rejected)
    SELECT 1, 5, id, sin(id) * 3, 0, 0 FROM pairs WHERE id % 5 <> 0;
    INSERT INTO code_activations (run_id, step, prompt_id, top_code, top_weight, weights)
    SELECT 1, 5, id, id % 4, 0.5, x'' FROM prompts WHERE id % 6 <> 0;
    INSERT INTO checkpoint_figures (run_id, step, prompts, pairs) VALUES (1, 5, 33, 32);
    INSERT OR REPLACE INTO pair_details (pair_id, item_id, metadata)
    SELECT id, 'row ' || id, json_object('difficulty', id % 9, 'team', iif(id % 2, 'red', 'blue'), 'sure', json('true'))
    FROM pairs WHERE id % 7 <> 0;`);
  return { database, ada, bo };
}

const { compare } = new Intl.Collator('en', { numeric: true });
type Value = string | number | null;
const inOrder = (values: readonly Value[], descending: boolean): boolean =>
  values.every((value, index) => {
    const before = values[index - 1];
    if (index === 0 || before === undefined) return true;
    if (value === null) return true;
    if (before === null) return false;
    const order =
      typeof value === 'number' && typeof before === 'number'
        ? before - value
        : compare(String(before), String(value));
    return descending ? order >= 0 : order <= 0;
  });

/** What a row shows in each column: that is what it must be ordered by. */
const shown: Partial<Record<SortColumn, (row: PairRow) => Value>> = {
  added: ({ id }) => id,
  source: ({ source }) => source,
  aspect: ({ aspect }) => aspect,
  by: ({ by, imported }) => by ?? (imported === null ? null : 'zz the file'),
  code: ({ code }) => code,
  margin: ({ margin }) => margin,
  'metadata:difficulty': ({ fields }) => (fields.difficulty as number | undefined) ?? null,
  'metadata:team': ({ fields }) => (fields.team as string | undefined) ?? null,
};

function openTable() {
  const { database, ada, bo } = someProject();
  const index = new LibraryIndex(database);
  const read = (column: SortColumn, descending: boolean, blind: boolean, offset = 0, limit = 100) =>
    index.rows(everything, { annotatorId: ada, blind }, offset, limit, {
      sort: { column, descending },
      fields: ['difficulty', 'team'],
    });
  const rows = (filter: PairFilter, viewer: Viewer = { annotatorId: ada, blind: false }) =>
    index.rows(filter, viewer, 0, 100, { fields: ['difficulty', 'team', 'sure'] });
  const all = rows(everything);
  const meeting = (test: (row: PairRow) => boolean) => all.filter(test).map(({ id }) => id);
  const found = (conditions: Conditions) => rows(where(conditions)).map(({ id }) => id);
  return { database, ada, bo, index, read, rows, all, meeting, found };
}

describe('a table in order', () => {
  it.each(Object.keys(shown) as SortColumn[])('is ordered by what the column %s shows', (column) => {
    const { read } = openTable();
    for (const blind of [true, false]) {
      for (const descending of [false, true]) {
        const rows = read(column, descending, blind);
        expect(new Set(rows.map(({ id }) => id)).size).toBe(40);
        const values = rows.map((row) => shown[column]?.(row) ?? null);
        expect(values.some((value) => value !== null)).toBe(true);
        expect(inOrder(values, descending), JSON.stringify(values)).toBe(true);
      }
    }
  });

  it('orders texts as a dictionary does, whatever signs they begin with', () => {
    const { read, index } = openTable();
    expect(read('prompt', false, true, 0, 100).map(({ prompt }) => prompt.replace(/ \d+$/, ''))).toEqual(
      ['10 plums', '9 plums', 'apple', 'apple pie', '“Bee”', 'Éclair', 'zoo', 'zoo keeper', '你好'].flatMap(
        (word) =>
          index
            .rows(everything, { annotatorId: null, blind: true }, 0, 100)
            .map(({ prompt }) => prompt.replace(/ \d+$/, ''))
            .filter((prompt) => prompt.toLowerCase() === word.toLowerCase()),
      ),
    );
  });

  it('gives pages that join without a gap, and keeps the order of equal rows', () => {
    const { read } = openTable();
    const whole = read('source', true, false).map(({ id }) => id);
    const pages = [0, 7, 14, 21, 28, 35].flatMap((offset) =>
      read('source', true, false, offset, 7).map(({ id }) => id),
    );
    expect(pages).toEqual(whole);
    expect(whole.slice(0, 25)).toEqual([...whole.slice(0, 25)].sort((one, other) => one - other));
  });

  it('follows verdicts as they come', () => {
    const { read, database, ada } = openTable();
    const before = read('decided', true, false)[0]?.id;
    labelHistory(database).decide({
      requestId: null,
      guidelinesId: null,
      pairId: 1,
      annotatorId: ada,
      decision: 'b',
      leftKey: 'a',
      durationMs: 1,
      at: '2026-03-01T00:00:00.000Z',
    });
    expect(before).not.toBe(1);
    expect(read('decided', true, false)[0]?.id).toBe(1);
  });
});

describe('conditions', () => {
  it('follow the checkpoint that is shown, and figures that come for it', () => {
    const { found, database } = openTable();
    const before = found({ codes: [1] });
    database.exec(`INSERT INTO checkpoint_figures (run_id, step, prompts, pairs) VALUES (1, 9, 0, 1);
      INSERT INTO pair_results (run_id, step, pair_id, margin, reward_chosen, reward_rejected) VALUES (1, 9, 3, 7, 0, 0)`);
    expect(found({ margin: { min: -10 } })).toEqual([3]);
    expect(found({ codes: [1] })).toEqual([]);
    database.exec(`INSERT INTO code_activations (run_id, step, prompt_id, top_code, top_weight, weights)
      SELECT 1, 9, id, 1, 0.5, x'' FROM prompts;
      UPDATE checkpoint_figures SET prompts = 40 WHERE step = 9`);
    expect(found({ codes: [1] }).length).toBeGreaterThan(before.length);
  });

  it('find what the rows show', () => {
    const { found, meeting } = openTable();
    expect(found({ codes: [1, 3] })).toEqual(meeting(({ code }) => code === 1 || code === 3));
    expect(found({ margin: { min: -1, max: 2 } })).toEqual(
      meeting(({ margin }) => margin !== null && margin >= -1 && margin <= 2),
    );
    expect(found({ verdicts: ['tie'] })).toEqual(meeting(({ verdict }) => verdict === 'tie'));
    expect(found({ metadata: [{ field: 'team', is: 'red' }] })).toEqual(
      meeting(({ fields }) => fields.team === 'red'),
    );
    expect(
      found({
        metadata: [
          { field: 'team', has: 'LU' },
          { field: 'difficulty', min: 3, max: 5 },
        ],
      }),
    ).toEqual(
      meeting(
        ({ fields }) =>
          fields.team === 'blue' && Number(fields.difficulty) >= 3 && Number(fields.difficulty) <= 5,
      ),
    );
    expect(found({ metadata: [{ field: 'sure', is: 'true' }] })).toEqual(meeting(({ id }) => id % 7 !== 0));
  });

  it('find who decided, and where people differ from each other and from the file', () => {
    const { database, ada, bo, all, found, meeting } = openTable();
    expect(found({ annotators: [bo] })).toEqual(meeting(({ id }) => id % 4 === 0));
    expect(found({ annotators: [ada, bo] })).toEqual(meeting(({ id }) => id % 3 === 0 || id % 4 === 0));
    // Ada's verdict on pair 12 is one place in the list from Bo's: theirs always differ, but for skips.
    const decided = database
      .prepare<[], { pairId: number; decision: string }>(
        `SELECT pair_id AS pairId, decision FROM standing JOIN annotators ON annotators.id = annotator_id
         WHERE kind = 'person' AND decision <> 'skip'`,
      )
      .all();
    const both = all
      .map(({ id }) => id)
      .filter((id) => decided.filter(({ pairId }) => pairId === id).length === 2);
    expect(both.length).toBeGreaterThan(0);
    expect(found({ disagreement: 'people' })).toEqual(both);
    expect(found({ disagreement: 'file' })).toEqual(
      meeting(({ id, imported }) =>
        decided.some(({ pairId, decision }) => pairId === id && decision !== imported),
      ),
    );
  });

  it('find nothing of what a blind project hides', () => {
    const { ada, bo, rows } = openTable();
    const blind = { annotatorId: ada, blind: true };
    const hidden = new Set(
      rows(everything, blind)
        .filter((row) => row.hidden)
        .map(({ id }) => id),
    );
    expect(hidden.size).toBeGreaterThan(20);
    for (const conditions of [
      { codes: [0, 1, 2, 3] },
      { margin: { min: -10 } },
      { annotators: [bo] },
      { disagreement: 'people' },
      { disagreement: 'file' },
      { verdicts: ['a', 'b', 'tie', 'both_bad'] },
      { metadata: [{ field: 'sure', is: 'true' }] },
    ] satisfies Conditions[]) {
      const seen = rows(where(conditions), blind).map(({ id }) => id);
      expect(seen.filter((id) => hidden.has(id))).toEqual([]);
    }
  });
});

it('orders and filters by lengths and languages of the texts', () => {
  const database = temporaryDatabase();
  const prompts = [
    'Where is the nearest train station, please?',
    'Wo ist hier bitte der nächste Bahnhof?',
    '你好，请问最近的火车站在哪里？',
  ];
  addPairs(
    database,
    prompts.map((content, index) =>
      newPair(index + 1, {
        messages: [{ role: 'user', content }],
        chosen: 'x'.repeat(9 - index),
        rejected: 'yy',
      }),
    ),
  );
  const index = new LibraryIndex(database);
  const codes = ['en', 'de', 'zh'];
  index.tellLanguagesBy((text) => codes[prompts.indexOf(text)] ?? '');
  const viewer = { annotatorId: null, blind: true };
  const read = (filter: PairFilter, column: SortColumn) =>
    index
      .rows(filter, viewer, 0, 10, { sort: { column, descending: false }, measures: true })
      .map(({ id, measures }) => [id, measures?.language, measures?.prompt]);
  const lines = prompts.map((prompt, at) => [at + 1, codes[at], prompt.length]);
  expect(read(everything, 'promptLength')).toEqual([lines[2], lines[1], lines[0]]);
  // By their names: Chinese, English, German.
  expect(read(everything, 'language')).toEqual([lines[2], lines[0], lines[1]]);
  expect(read(where({ languages: ['de', 'zh'] }), 'added')).toEqual([lines[1], lines[2]]);
  expect(
    read(
      where({
        lengths: [
          { of: 'longer', min: 8 },
          { of: 'difference', max: 6 },
        ],
      }),
      'added',
    ),
  ).toEqual([lines[1]]);
  expect(index.choices().languages).toEqual(codes.map((code) => ({ code, pairs: 1 })));
});

it('keys keep the order of numbers, and what is not known comes last', () => {
  const numbers = [-1e30, -2, -1e-9, 0, 1e-9, 3, 3.5, 1e30];
  expect(numbers.map(floatKey)).toEqual(numbers.map(floatKey).toSorted((one, other) => one - other));
  const keys = Uint32Array.from([0, 70_000, 5, 0, 4_294_967_295, 5]);
  const ids = Uint32Array.from([0, 1, 2, 3, 4, 5]);
  expect([...ordered(keys, ids, false)]).toEqual([2, 5, 1, 4, 0, 3]);
  expect([...ordered(keys, ids, true)]).toEqual([4, 1, 2, 5, 0, 3]);
});

it('texts that are alike so far share a place', () => {
  const texts = ['ab', '', 'b', 'ab', 'a'];
  const units = new Uint16Array(32 * texts.length);
  for (const [at, text] of texts.entries())
    units.set(
      [...text].map((letter) => letter.charCodeAt(0)),
      32 * at,
    );
  expect([...allSteps(placing(units, texts.length))]).toEqual([3, 1, 4, 3, 2]);
});
