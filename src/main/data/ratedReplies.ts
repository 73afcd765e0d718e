/** Replies that people rated, as labels of their own: for training and for exports. */
import { isGoodRating, mostSay, type RatingScale } from '#core/ratings.ts';
import type { Database } from './database.ts';
import { PAIR_OF_REPLY } from './ratingTable.ts';

export interface RatedLabel {
  readonly replyId: number;
  readonly promptId: number;
  readonly pairId: number;
  readonly source: string;
  readonly aspect: string | null;
  readonly messages: string;
  readonly text: string;
  readonly turns: string | null;
  /** What most people say; a draw is no label. */
  readonly good: boolean;
}
type Row = Omit<RatedLabel, 'good'>;
interface Said {
  readonly replyId: number;
  readonly name: string;
  readonly scale: RatingScale;
  readonly value: number;
}

/** From where on a rating is good, as the project has it. */
const CUT = `coalesce((SELECT json_extract(value, '$.ratings.cut') FROM settings WHERE key = 'project'), 4)`;

function* grouped(rows: Iterable<Said>): Generator<readonly Said[]> {
  let group: Said[] = [];
  for (const row of rows) {
    if (group[0] !== undefined && group[0].replyId !== row.replyId) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}

/** In the order of the replies' ids. `sourceIds` null for all sources; `annotators` null for everybody's ratings. */
export function* ratedLabels(
  database: Database,
  {
    sourceIds,
    annotators = null,
  }: { readonly sourceIds: readonly number[] | null; readonly annotators?: readonly string[] | null },
): Generator<RatedLabel> {
  const cut = database.prepare<[], number>(`SELECT ${CUT}`).pluck().get() as number;
  const reply = database.prepare<[{ replyId: number; sources: string | null }], Row>(
    `SELECT responses.id AS replyId, pairs.prompt_id AS promptId, pairs.id AS pairId, sources.name AS source, pairs.aspect,
       prompts.messages, responses.text, responses.turns
     FROM responses JOIN prompts ON prompts.id = responses.prompt_id JOIN pairs ON pairs.id = ${PAIR_OF_REPLY}
     JOIN sources ON sources.id = pairs.source_id
     WHERE responses.id = @replyId AND (@sources IS NULL OR pairs.source_id IN (SELECT value FROM json_each(@sources)))`,
  );
  const said = database.prepare<[], Said>(
    `SELECT response_id AS replyId, annotators.name, scale, value FROM rated
     JOIN annotators ON annotators.id = annotator_id WHERE value IS NOT NULL ORDER BY response_id, annotator_id`,
  );
  const sources = sourceIds && JSON.stringify(sourceIds);
  for (const group of grouped(said.iterate())) {
    const counted = group.filter(({ name }) => annotators === null || annotators.includes(name));
    const good = mostSay(counted.map(({ scale, value }) => isGoodRating(scale, value, cut)));
    const found = good === null ? undefined : reply.get({ replyId: (group[0] as Said).replyId, sources });
    if (good !== null && found !== undefined) yield { ...found, good };
  }
}

export function countRatedLabels(database: Database, sourceIds: readonly number[] | null): number {
  let count = 0;
  for (const _ of ratedLabels(database, { sourceIds })) count += 1;
  return count;
}
