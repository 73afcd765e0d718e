/** Groups of near-duplicates as they are shown, of the last scan that is whole. */
import type { DuplicateGroup, DuplicateSummary } from '#shared/dataEntities.ts';
import type { DuplicateKind } from '#shared/library.ts';
import type { Database } from './database.ts';
import { LATEST_SCAN } from './duplicateTable.ts';
import { LAST_VISIBLE } from './search/searchTable.ts';

/** Members of a group that are shown; how many there are stands beside. */
const SHOWN_MEMBERS = 12;
const SHOWN_CHARACTERS = 240;

const TEXTS: Readonly<Record<DuplicateKind, string>> = {
  prompts: `SELECT prompts.preview AS text, NULL AS more,
      (SELECT min(id) FROM pairs WHERE prompt_id = item_id) AS pairId,
      (SELECT count(*) FROM pairs WHERE prompt_id = item_id) AS pairs,
      members.item_id AS itemId, members.similarity
    FROM members JOIN prompts ON prompts.id = members.item_id`,
  replies: `SELECT substr(responses.text, 1, ${SHOWN_CHARACTERS}) AS text, prompts.preview AS more,
      (SELECT min(id) FROM pairs WHERE prompt_id = responses.prompt_id AND item_id IN (a_id, b_id)) AS pairId,
      (SELECT count(*) FROM pairs WHERE prompt_id = responses.prompt_id AND item_id IN (a_id, b_id)) AS pairs,
      members.item_id AS itemId, members.similarity
    FROM members JOIN responses ON responses.id = members.item_id
    JOIN prompts ON prompts.id = responses.prompt_id`,
  pairs: `SELECT prompts.preview AS text, sources.name AS more, all_of.id AS pairId,
      (SELECT count(*) FROM pairs WHERE id = item_id) AS pairs, members.item_id AS itemId, members.similarity
    FROM members JOIN stored_pairs AS all_of ON all_of.id = members.item_id
    JOIN prompts ON prompts.id = all_of.prompt_id JOIN sources ON sources.id = all_of.source_id`,
};

export function duplicateViews(database: Database) {
  const scan = database.prepare<
    [],
    { id: number; threshold: number; madeAt: string; pairs: number; later: number }
  >(
    `SELECT id, threshold, made_at AS madeAt, pairs,
       (SELECT count(*) FROM stored_pairs WHERE id > last_pair AND id <= (${LAST_VISIBLE})) AS later
     FROM duplicate_scans WHERE id = (${LATEST_SCAN})`,
  );
  const counts = database.prepare<[number], { kind: DuplicateKind; groups: number; members: number }>(
    'SELECT kind, count(*) AS groups, sum(size) AS members FROM duplicate_groups WHERE scan_id = ? GROUP BY kind',
  );
  const page = database.prepare<[DuplicateKind, number, number], { number: number; size: number }>(
    `SELECT number, size FROM duplicate_groups
     WHERE scan_id = (${LATEST_SCAN}) AND kind = ? AND number >= ? ORDER BY number LIMIT ?`,
  );
  const members = (kind: DuplicateKind) =>
    database.prepare<[number], DuplicateGroup['members'][number]>(
      `WITH members AS MATERIALIZED (SELECT item_id, similarity FROM duplicate_members
         WHERE scan_id = (${LATEST_SCAN}) AND kind = '${kind}' AND number = ? ORDER BY item_id LIMIT ${SHOWN_MEMBERS})
       ${TEXTS[kind]} ORDER BY members.item_id`,
    );
  const byKind = { prompts: members('prompts'), replies: members('replies'), pairs: members('pairs') };
  const none = { groups: 0, members: 0 };
  return {
    /** Null before the first scan. */
    summary: (): DuplicateSummary | null => {
      const found = scan.get();
      if (!found) return null;
      const { id, ...rest } = found;
      const byKindOf = Object.fromEntries(counts.all(id).map(({ kind, ...count }) => [kind, count]));
      const { prompts = none, replies = none, pairs: ofPairs = none } = byKindOf;
      return { ...rest, counts: { prompts, replies, pairs: ofPairs } };
    },
    groups: (kind: DuplicateKind, from: number, limit: number): DuplicateGroup[] =>
      page.all(kind, from, limit).map((group) => ({ ...group, members: byKind[kind].all(group.number) })),
  };
}
