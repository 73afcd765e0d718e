import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { connectReader, type Database } from '../data/database.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { exported, threePeople, WHOLE } from './testThreePeople.ts';

/** Tables that say nothing of their own about pairs and labels, or nothing that a file of them can hold. */
const APART: Readonly<Record<string, string>> = {
  'made of the rest': `hash_batches hash_chunks pair_hashes prompt_hashes left_out text_facts visible search_postings
    search_segments sqlite_sequence duplicate_groups duplicate_members duplicate_scans set_aside`,
  'what runs found': `models runs run_frames checkpoints checkpoint_figures code_activations code_names codes_wanted
    need_scores pair_results`,
  'of this project and who uses it': 'settings members views claims mark_changes guideline_readers',
  // Compared by itself: sides are drawn anew for what nobody has decided.
  'shown sides': 'showings set_showings',
};

const by = 'annotators.kind || annotators.name';
const pair = (id: string) =>
  `(SELECT messages || a.text || coalesce(a.turns, '') || '|' || b.text || coalesce(b.turns, '') || coalesce(own.aspect, '')
    FROM stored_pairs AS own JOIN stored_prompts ON stored_prompts.id = own.prompt_id
    JOIN responses AS a ON a.id = own.a_id JOIN responses AS b ON b.id = own.b_id WHERE own.id = ${id})`;
/** An annotation by its person and its place among theirs. */
const said = (id: string) =>
  `(SELECT sayer.name || (SELECT count(*) FROM annotations AS before WHERE before.annotator_id = made.annotator_id AND before.id <= made.id)
    FROM annotations AS made JOIN annotators AS sayer ON sayer.id = made.annotator_id WHERE made.id = ${id})`;
const reply = (id: string) =>
  `(SELECT messages || '|' || text FROM responses AS own JOIN stored_prompts ON stored_prompts.id = own.prompt_id WHERE own.id = ${id})`;
/** A rating by its time: in this test no two have the same. */
const rating = (id: string) => `(SELECT created_at FROM ratings AS own WHERE own.id = ${id})`;
/** Of a path: where a file lay on a machine is not handed on. */
const fileName = "replace(file, rtrim(file, replace(file, '/', '')), '')";
const source = `(SELECT name || ${fileName} || format FROM stored_sources WHERE id = source_id)`;

/** Every table's rows without numbers that each project gives by itself. */
const TABLES: Readonly<Record<string, string>> = {
  stored_sources: `SELECT name, ${fileName}, format, pairs FROM stored_sources`,
  stored_prompts: 'SELECT messages, preview FROM stored_prompts',
  responses: `SELECT messages, text, turns FROM responses JOIN stored_prompts ON stored_prompts.id = prompt_id`,
  stored_pairs: `SELECT ${pair('stored_pairs.id')}, ${source}, source_row FROM stored_pairs`,
  pair_details: `SELECT ${pair('pair_id')}, item_id, metadata FROM pair_details`,
  pair_origins: `SELECT ${pair('pair_id')}, origin FROM pair_origins`,
  annotators: `SELECT ${by}, ${said('annotators.step_id')} FROM annotators`,
  annotations: `SELECT ${said('annotations.id')}, ${pair('pair_id')}, action, decision, left_key, duration_ms, created_at,
    ${said('annotations.supersedes_id')}, ${said('annotations.restores_id')}, strength, confidence, rationale, flag, aspects,
    (SELECT text FROM guideline_versions WHERE id = guidelines_id), ${said('annotations.repeats_id')} FROM annotations`,
  repeats: `SELECT ${by}, ${pair('pair_id')}, ${said('first_id')}, left_key, ${said('answer_id')}
    FROM repeats JOIN annotators ON annotators.id = annotator_id`,
  standing: `SELECT ${pair('pair_id')}, ${said('annotation_id')}, decision, person FROM standing`,
  guideline_versions: 'SELECT number, text, note, author, saved_at FROM guideline_versions',
  steps: `SELECT ${said('annotation_id')}, ${said('below_id')} FROM steps`,
  adjudications: `SELECT ${said('annotation_id')} FROM adjudications`,
  gold_answers: `SELECT ${pair('pair_id')}, answer, ${by}, reason, shown
    FROM gold_answers JOIN annotators ON annotators.id = annotator_id`,
  ratings: `SELECT ${reply('response_id')}, ${by}, scale, value, duration_ms, created_at, ${rating('previous_id')}, ${rating('below_id')},
    (SELECT text FROM guideline_versions WHERE id = guidelines_id) FROM ratings JOIN annotators ON annotators.id = annotator_id`,
  rated: `SELECT ${reply('response_id')}, ${by}, ${rating('rating_id')}, scale, value
    FROM rated JOIN annotators ON annotators.id = annotator_id`,
  rating_heads: `SELECT ${by}, ${rating('rating_id')} FROM rating_heads JOIN annotators ON annotators.id = annotator_id`,
  reply_sets: 'SELECT hash, pairs FROM reply_sets',
  set_pairs: `SELECT ${pair('pair_id')}, hash FROM set_pairs JOIN reply_sets ON reply_sets.id = set_id`,
  rankings: `SELECT ${said('annotation_id')}, hash, ranked.text, value FROM rankings
    JOIN reply_sets ON reply_sets.id = set_id LEFT JOIN json_each(ranks) ON 1 LEFT JOIN responses AS ranked ON ranked.id = key`,
  ranked_pairs: `SELECT ${said('annotation_id')}, ${said('ranking_id')} FROM ranked_pairs`,
  marks: 'SELECT kind, name FROM marks',
  marked_pairs: `SELECT kind, name, ${pair('stored_pairs.id')} FROM marked_pairs JOIN marks ON marks.id = mark_id
    JOIN stored_pairs ON word = stored_pairs.id >> 5 AND bits >> (stored_pairs.id & 31) & 1`,
  stored_singles: `SELECT hash, ${source}, messages, reply, turns, desirable, aspect, item_id, metadata, source_row FROM stored_singles`,
};

const rowsOf = (database: Database, sql: string): string[] =>
  database
    .prepare<[], unknown[]>(sql)
    .raw()
    .all()
    .map((row) => JSON.stringify(row))
    .sort();

it('every table of a project comes back from its own file', async () => {
  const { facet, path, folder } = await threePeople();
  const { library, gold, adjudication } = facet.services;
  const [ada, bo, cy] = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo'), await labelAs(facet, 'Cy')];
  const attributes = {
    strength: 3,
    aspects: { help: 'a', tone: 'na' },
    confidence: 4,
    rationale: 'It says "why",\nin two lines.',
    flag: '=unsafe',
  } as const;
  const { guidelines } = facet.services;
  await guidelines.save(ada.who, { text: 'Prefer what is true.\n\n- "So"', note: '=Truth first' });
  await ada.decide({ pairId: 6, verdict: 'a', attributes });
  await bo.redo();
  await bo.undo();
  await bo.decide({ pairId: 6, verdict: 'b', attributes: { ...attributes, strength: null } });
  await cy.decide({ pairId: 6, verdict: 'skip' });
  await ada.write({ pairId: 7, text: '  My own reply.\n', over: ['a', 'b'] });
  await library.change({ selection: { ids: [1, 4] }, action: 'tag', tag: '=hard' });
  await library.change({ selection: { ids: [8] }, action: 'exclude' });
  await library.change({ selection: { ids: [5] }, action: 'queue' });
  await gold.mark(ada.who, { selection: { ids: [6] }, annotatorId: ada.annotatorId, shown: true });
  await adjudication.decide(cy.who, {
    ...{ requestId: randomUUID(), annotatorId: cy.annotatorId, pairId: 1, verdict: 'b', leftKey: 'a' },
    ...{ durationMs: 9, rationale: 'Settled.', blind: false },
  });
  const several = join(folder, 'several.jsonl');
  writeFileSync(several, JSON.stringify({ prompt: 'Which?', responses: ['One.', 'Two.', 'Three.'] }));
  const { sourceIds } = await importAll(facet, several);
  const filter = { text: '', sourceId: sourceIds[0] ?? null, status: 'all' as const };
  const ranked = (await ada.queue(null, { filter })).items[0];
  const ranks = Object.fromEntries(
    (ranked?.set?.replies ?? []).map(({ id }, place) => [String(id), place < 2 ? 1 : 2]),
  );
  const ranking = { setId: ranked?.set?.id ?? 0, ranks };
  await ada.decide({ pairId: ranked?.pairId ?? 0, verdict: 'tie', ranking });
  await bo.decide({ pairId: ranked?.pairId ?? 0, verdict: 'skip', ranking: { ...ranking, ranks: null } });
  await bo.undo();
  await facet.services.project.updateSettings({ ratings: { scale: 'five' } });
  const { ratings } = facet.services;
  for (const value of [5, 1, null, 2]) {
    const { item } = await ratings.queue(ada.who);
    await ratings.rate(ada.who, {
      ...{ requestId: randomUUID(), annotatorId: ada.annotatorId, replyId: item?.replyId ?? 0 },
      ...{ scale: 'five', value, durationMs: 7 },
    });
    // Two ratings are told apart by their time.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const { undo } = await ratings.queue(ada.who);
  const back = await ratings.undo(ada.who, { annotatorId: ada.annotatorId, step: undo?.id ?? 0 });
  await ratings.rate(ada.who, {
    ...{ requestId: randomUUID(), annotatorId: ada.annotatorId, replyId: back.item?.replyId ?? 0 },
    ...{ scale: 'five', value: 4, durationMs: 7 },
  });
  const beside = new Sqlite(path);
  beside.exec(`INSERT INTO pair_origins (pair_id, origin) VALUES (2, '{"a":"run 1"}')`);
  // The pair came to Ada again, who then said otherwise.
  beside.exec(`INSERT INTO annotations (pair_id, annotator_id, action, decision, left_key, duration_ms, created_at, strength, repeats_id)
    SELECT pair_id, annotator_id, 'decide', 'tie', 'b', 900, '2026-11-28T00:00:00.000Z', NULL, annotation_id
    FROM standing WHERE pair_id = 6 AND annotator_id = ${ada.annotatorId}`);
  beside.close();
  const out = join(folder, 'whole.jsonl');
  await exported(path, { ...WHOLE, out });
  const again = await openFacet();
  const { counts } = await importAll(again.facet, out);
  expect(counts).toMatchObject({ refused: 0, conflicts: 0, alreadyThere: 0 });

  const [first, second] = [connectReader(path), connectReader(again.path)];
  try {
    const names = rowsOf(first, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    const known = [...Object.keys(TABLES), ...Object.values(APART).flatMap((some) => some.split(/\s+/))];
    expect(names.map((name) => (JSON.parse(name) as [string])[0])).toEqual(known.sort());
    for (const [table, sql] of Object.entries(TABLES)) {
      const rows = rowsOf(first, sql);
      expect(rows.length, table).toBeGreaterThan(0);
      expect(rowsOf(second, sql), table).toEqual(rows);
    }
    // Whoever decided sees a pair on the same sides again.
    const sides = `SELECT ${pair('showings.pair_id')}, annotator_id, showings.left_key FROM showings`;
    expect(rowsOf(second, sides).length).toBeGreaterThan(5);
  } finally {
    first.close();
    second.close();
  }
});
