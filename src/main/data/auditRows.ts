import type { ReplyKey } from '#core/preference.ts';
import type { PairSelection } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { PREVIEW } from './storedMessages.ts';
import { labelsNow } from './trainingPairs.ts';

/** How much of a prompt is shown in a list. */
const PROMPT_CHARACTERS = 160;

export interface LabelNow {
  readonly pairId: number;
  readonly source: string;
  readonly prompt: string;
  readonly now: ReplyKey | null;
  /** When the last of people's verdicts that stand was decided; null where none does. */
  readonly decidedAt: string | null;
}

/** Pairs in use among these, with what their labels say now, in their order. */
export function readLabelsNow(
  database: Database,
  pairIds: readonly number[],
  labels: PairSelection['labels'],
): LabelNow[] {
  const now = labelsNow(database, pairIds, labels);
  const read = database.prepare<[number], Omit<LabelNow, 'now'>>(
    `SELECT pairs.id AS pairId, sources.name AS source, substr(${PREVIEW}, 1, ${PROMPT_CHARACTERS}) AS prompt,
       (SELECT max(annotations.created_at) FROM standing JOIN annotations ON annotations.id = annotation_id
        WHERE standing.pair_id = pairs.id AND standing.person = 1) AS decidedAt
     FROM pairs JOIN sources ON sources.id = pairs.source_id
     JOIN stored_prompts ON stored_prompts.id = pairs.prompt_id WHERE pairs.id = ?`,
  );
  return pairIds.flatMap((pairId) => {
    const row = read.get(pairId);
    return row ? [{ ...row, now: now.get(pairId) ?? null }] : [];
  });
}
