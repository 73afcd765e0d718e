/** Pairs of groups of near-duplicates, of the last scan that is whole. */
import type { Conditions, DuplicateKind } from '#shared/library.ts';
import type { Database } from '../database.ts';
import { LATEST_SCAN } from '../duplicateTable.ts';

/**
 * `any`: pairs of a member, left out ones too. `kept`: members that a pair in use has. `others`: pairs that a member other
 * than the kept one has, and the kept one has not.
 */
const SQL: Readonly<Record<DuplicateKind, Readonly<Record<'any' | 'kept' | 'others', string>>>> = {
  prompts: {
    any: 'SELECT id FROM stored_pairs WHERE prompt_id IN (SELECT item_id FROM members)',
    kept: 'WHERE EXISTS (SELECT 1 FROM pairs WHERE prompt_id = members.item_id)',
    others: `SELECT DISTINCT pairs.id FROM members JOIN pairs ON pairs.prompt_id = members.item_id
      WHERE members.item_id NOT IN (SELECT item_id FROM kept)`,
  },
  replies: {
    any: `SELECT stored_pairs.id FROM members JOIN responses ON responses.id = members.item_id
      JOIN stored_pairs ON stored_pairs.prompt_id = responses.prompt_id
        AND members.item_id IN (stored_pairs.a_id, stored_pairs.b_id)`,
    kept: `WHERE EXISTS (SELECT 1 FROM responses JOIN pairs ON pairs.prompt_id = responses.prompt_id
      WHERE responses.id = members.item_id AND members.item_id IN (pairs.a_id, pairs.b_id))`,
    others: `SELECT DISTINCT pairs.id FROM members JOIN responses ON responses.id = members.item_id
      JOIN pairs ON pairs.prompt_id = responses.prompt_id AND members.item_id IN (pairs.a_id, pairs.b_id)
      WHERE members.item_id NOT IN (SELECT item_id FROM kept)
        AND pairs.a_id NOT IN (SELECT item_id FROM kept) AND pairs.b_id NOT IN (SELECT item_id FROM kept)`,
  },
  pairs: {
    any: 'SELECT item_id FROM members',
    kept: 'WHERE item_id IN (SELECT id FROM pairs)',
    others: `SELECT pairs.id FROM members JOIN pairs ON pairs.id = members.item_id
      WHERE members.item_id NOT IN (SELECT item_id FROM kept)`,
  },
};

export function duplicatePairs(database: Database) {
  const inGroups = (kind: DuplicateKind) =>
    `members AS MATERIALIZED (SELECT number, item_id FROM duplicate_members
       WHERE scan_id = (${LATEST_SCAN}) AND kind = '${kind}' AND number = coalesce(@group, number))`;
  const ids = (sql: string) =>
    database.prepare<[{ group: number | null; keep: number | null }], number>(sql).pluck();
  const any = (kind: DuplicateKind) =>
    ids(`WITH given AS (SELECT @keep), ${inGroups(kind)} ${SQL[kind].any}`);
  const others = (kind: DuplicateKind) =>
    ids(
      `WITH ${inGroups(kind)},
         kept AS MATERIALIZED (SELECT number, coalesce(@keep, min(item_id)) AS item_id FROM members
           ${SQL[kind].kept} GROUP BY number)
       ${SQL[kind].others}`,
    );
  return ({ kind, which, group, keep }: NonNullable<Conditions['duplicates']>): IterableIterator<number> =>
    (which === 'any' ? any(kind) : others(kind)).iterate({ group: group ?? null, keep: keep ?? null });
}
