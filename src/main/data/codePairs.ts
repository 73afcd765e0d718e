/** Pairs of prompts that fire some codes, what they are about and who labelled them. For the process that reads codes. */
import type { CodeGroup, CodeSelection } from '#shared/codeSelection.ts';
import type { Database } from './database.ts';
import type { Viewer } from './pairRows.ts';

interface Labelled {
  readonly pairId: number;
  readonly chosen: string;
  readonly rejected: string;
}
interface Asked {
  readonly list: string;
  readonly group: string | null;
  readonly blind: 0 | 1;
  readonly annotatorId: number | null;
}

/** Pairs whose replies are read for their words: more would tell little more. */
const MOST_READ = 1000;

/** A pair that a person has decided; skips are no decision. */
const DECIDED_BY_PEOPLE = `EXISTS (SELECT 1 FROM standing JOIN annotators ON annotators.id = annotator_id
  WHERE standing.pair_id = pairs.id AND kind = 'person' AND decision <> 'skip')`;

/** Pairs in use with the group that each is of; one of several groups comes once for each. */
const GROUPED: Readonly<Record<CodeGroup, string>> = {
  source: `SELECT pairs.id AS pair_id, prompt_id, sources.name AS name FROM pairs
    JOIN sources ON sources.id = pairs.source_id`,
  aspect: 'SELECT id AS pair_id, prompt_id, aspect AS name FROM pairs WHERE aspect IS NOT NULL',
  tag: `SELECT pairs.id AS pair_id, prompt_id, marks.name AS name FROM marks
    JOIN marked_pairs ON mark_id = marks.id
    JOIN pairs ON pairs.id BETWEEN 32 * word AND 32 * word + 31 AND bits >> (pairs.id & 31) & 1
    WHERE kind = 'tag'`,
  annotator: `SELECT pairs.id AS pair_id, prompt_id, annotators.name AS name FROM standing
    JOIN annotators ON annotators.id = annotator_id AND kind = 'person'
    JOIN pairs ON pairs.id = standing.pair_id WHERE decision <> 'skip'`,
};
/** Of a blind project, who decided a pair is not told before one's own verdict. */
const MAY_KNOW = `(NOT @blind OR EXISTS (SELECT 1 FROM standing AS own
  WHERE own.pair_id = grouped.pair_id AND own.annotator_id = @annotatorId AND own.decision <> 'skip'))`;

export function codePairs(database: Database) {
  const listed = 'prompt_id IN (SELECT value FROM json_each(@list))';
  const plain = database
    .prepare<[Pick<Asked, 'list'>], [number, number]>(
      `SELECT id, prompt_id FROM pairs WHERE ${listed} ORDER BY id`,
    )
    .raw();
  const count = database
    .prepare<[Pick<Asked, 'list'>], number>(`SELECT count(*) FROM pairs WHERE ${listed}`)
    .pluck();
  const ofGroup = (by: CodeGroup) =>
    database
      .prepare<[Asked], [number, number]>(
        `SELECT DISTINCT pair_id, prompt_id FROM (${GROUPED[by]}) AS grouped
         WHERE name = @group AND ${listed} ${by === 'annotator' ? `AND ${MAY_KNOW}` : ''} ORDER BY pair_id`,
      )
      .raw();
  const grouped = (by: CodeGroup) =>
    database.prepare<[], [number, string]>(`SELECT prompt_id, name FROM (${GROUPED[by]})`).raw();
  const groupedFor = (by: CodeGroup) =>
    database
      .prepare<[Omit<Asked, 'list' | 'group'>], [number, string]>(
        `SELECT prompt_id, name FROM (${GROUPED[by]}) AS grouped ${by === 'annotator' ? `WHERE ${MAY_KNOW}` : ''}`,
      )
      .raw();
  const margins = database
    .prepare<[Omit<Asked, 'list' | 'group'> & { runId: number; step: number }], [number, number]>(
      `SELECT prompt_id, margin FROM (SELECT pairs.id AS pair_id, prompt_id, margin FROM pair_results
         JOIN pairs ON pairs.id = pair_results.pair_id WHERE run_id = @runId AND step = @step) AS grouped
       WHERE ${MAY_KNOW}`,
    )
    .raw();
  const states = database
    .prepare<[], [number, number, 0 | 1]>(`SELECT id, prompt_id, ${DECIDED_BY_PEOPLE} FROM pairs ORDER BY id`)
    .raw();
  const aspects = database.prepare<[string], { aspect: string; pairs: number }>(
    `SELECT aspect, count(*) AS pairs FROM pairs
     WHERE aspect IS NOT NULL AND prompt_id IN (SELECT value FROM json_each(?))
     GROUP BY aspect ORDER BY pairs DESC, aspect LIMIT 12`,
  );
  const verdicts = database
    .prepare<[Omit<Asked, 'group'>], [number, string, string]>(
      `SELECT pair_id, name, decision FROM (
         SELECT pairs.id AS pair_id, annotators.name AS name, standing.decision AS decision FROM pairs
         JOIN standing ON standing.pair_id = pairs.id
         JOIN annotators ON annotators.id = standing.annotator_id AND kind = 'person'
         WHERE standing.decision <> 'skip' AND ${listed}) AS grouped
       WHERE ${MAY_KNOW} ORDER BY pair_id`,
    )
    .raw();
  // What people decided; the file's label where nobody has.
  const labelled = database.prepare<[string, number], Labelled>(
    `SELECT pairs.id AS pairId,
       iif(standing.decision = 'a', a.text, b.text) AS chosen,
       iif(standing.decision = 'a', b.text, a.text) AS rejected
     FROM pairs
     JOIN standing ON standing.pair_id = pairs.id AND standing.annotation_id = (
       SELECT max(other.annotation_id) FROM standing AS other
       JOIN annotators ON annotators.id = other.annotator_id
       WHERE other.pair_id = pairs.id AND other.decision IN ('a', 'b')
         AND annotators.kind = iif(EXISTS (SELECT 1 FROM standing AS own JOIN annotators AS people
           ON people.id = own.annotator_id WHERE own.pair_id = pairs.id AND people.kind = 'person'
           AND own.decision IN ('a', 'b')), 'person', 'import'))
     JOIN responses AS a ON a.id = pairs.a_id
     JOIN responses AS b ON b.id = pairs.b_id
     WHERE pairs.prompt_id IN (SELECT value FROM json_each(?))
     ORDER BY pairs.id LIMIT ?`,
  );
  const asked = ({ annotatorId, blind }: Viewer) => ({ annotatorId, blind: blind ? 1 : 0 }) as const;
  const json = (promptIds: readonly number[]): string => JSON.stringify(promptIds);
  return {
    /** Pairs in use of these prompts and of a group, each with its prompt, in order. */
    of: (
      promptIds: readonly number[],
      group: CodeSelection['group'],
      viewer: Viewer,
    ): [pairId: number, promptId: number][] => {
      const list = json(promptIds);
      if (!group) return plain.all({ list });
      return ofGroup(group.by).all({ list, group: group.name, ...asked(viewer) });
    },
    count: (promptIds: readonly number[]): number => count.get({ list: json(promptIds) }) as number,
    /** Prompt and group of every pair in use that has a group. */
    grouped: (by: CodeGroup): IterableIterator<[promptId: number, group: string]> => grouped(by).iterate(),
    /** The same for somebody: of a blind project, who decided a pair is told of one's own alone. */
    groupedFor: (by: CodeGroup, viewer: Viewer): IterableIterator<[promptId: number, group: string]> =>
      groupedFor(by).iterate(asked(viewer)),
    /** Margin of each pair that was held out, with its prompt; of a blind project, of those that one has decided. */
    margins: (
      runId: number,
      step: number,
      viewer: Viewer,
    ): IterableIterator<[promptId: number, margin: number]> =>
      margins.iterate({ ...asked(viewer), runId, step }),
    /** Every pair in use: its prompt, and whether a person has decided it. */
    states: (): IterableIterator<[pairId: number, promptId: number, decided: 0 | 1]> => states.iterate(),
    /** What people decided of the pairs of these prompts, pair by pair; of a blind project, of those that one has decided. */
    verdicts: (
      promptIds: readonly number[],
      viewer: Viewer,
    ): IterableIterator<[pairId: number, name: string, decision: string]> =>
      verdicts.iterate({ list: json(promptIds), ...asked(viewer) }),
    aspects: (promptIds: readonly number[]) => aspects.all(json(promptIds)),
    labelled: (promptIds: readonly number[]): Labelled[] => labelled.all(json(promptIds), MOST_READ),
  };
}
