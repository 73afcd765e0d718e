/** Pairs of groups of near-duplicates, of the last scan that is whole. */
import type { Conditions, DuplicateKind } from '#shared/library.ts';
import type { Database } from '../database.ts';
import { LATEST_SCAN } from '../duplicateTable.ts';
import { LEFT_OUT_VERSION } from '../marks/LeftOut.ts';
import { Bits } from '../search/Bits.ts';
import { roomFor } from '../search/SearchIndex.ts';
import { type Part, readAll } from './Part.ts';

type Asked = NonNullable<Conditions['duplicates']>;
interface Range {
  readonly scan: number;
  readonly from: number;
  readonly to: number;
  readonly keep: number | null;
}

/** Members of a range of groups. */
const MEMBERS = (kind: DuplicateKind): string =>
  `WITH members AS MATERIALIZED (SELECT number, item_id FROM duplicate_members
     WHERE scan_id = @scan AND kind = '${kind}' AND number >= @from AND number < @to)`;

/**
 * `any`: pairs of a member, left out ones too. `kept`: members that a pair in use has. `others`: pairs in use of a member,
 * with the items of theirs of which none may be a kept one.
 */
const SQL: Readonly<Record<DuplicateKind, Readonly<Record<'any' | 'kept' | 'others', string>>>> = {
  prompts: {
    any: 'SELECT id FROM stored_pairs WHERE prompt_id IN (SELECT item_id FROM members)',
    kept: 'WHERE EXISTS (SELECT 1 FROM pairs WHERE prompt_id = members.item_id)',
    others: `SELECT pairs.id, members.item_id, members.item_id, members.item_id
      FROM members JOIN pairs ON pairs.prompt_id = members.item_id`,
  },
  replies: {
    any: `SELECT stored_pairs.id FROM members JOIN responses ON responses.id = members.item_id
      JOIN stored_pairs ON stored_pairs.prompt_id = responses.prompt_id
        AND members.item_id IN (stored_pairs.a_id, stored_pairs.b_id)`,
    kept: `WHERE EXISTS (SELECT 1 FROM responses JOIN pairs ON pairs.prompt_id = responses.prompt_id
      WHERE responses.id = members.item_id AND members.item_id IN (pairs.a_id, pairs.b_id))`,
    others: `SELECT pairs.id, members.item_id, pairs.a_id, pairs.b_id
      FROM members JOIN responses ON responses.id = members.item_id
      JOIN pairs ON pairs.prompt_id = responses.prompt_id AND members.item_id IN (pairs.a_id, pairs.b_id)`,
  },
  pairs: {
    any: 'SELECT item_id FROM members',
    kept: 'WHERE EXISTS (SELECT 1 FROM pairs WHERE pairs.id = members.item_id)',
    others: `SELECT pairs.id, members.item_id, members.item_id, members.item_id
      FROM members JOIN pairs ON pairs.id = members.item_id`,
  },
};

/** Groups that a step reads. */
const GROUPS = 300;
/** Sets that are remembered. */
const REMEMBERED = 6;

interface Looking {
  readonly version: string;
  readonly scan: number;
  readonly end: number;
  readonly bits: Bits;
  readonly kept: Set<number>;
  /** All groups are gone through twice where the kept members must be known first. */
  knownKept: number;
  next: number;
}

/** Sets of pairs by near-duplicates, each made when it is first asked for. Lives in the process that reads. */
export class DuplicatePairs {
  readonly #database: Database;
  readonly #state;
  readonly #groups;
  readonly #known = new Map<string, Looking>();

  constructor(database: Database) {
    this.#database = database;
    this.#state = database
      .prepare<[], [scan: number | null, leftOut: number, aside: number]>(
        `SELECT (${LATEST_SCAN}), (${LEFT_OUT_VERSION}), (SELECT count(*) FROM set_aside)`,
      )
      .raw();
    this.#groups = database
      .prepare<[number, DuplicateKind], number>(
        'SELECT coalesce(max(number) + 1, 0) FROM duplicate_groups WHERE scan_id = ? AND kind = ?',
      )
      .pluck();
  }

  /** To be read, not changed. */
  of(asked: Asked, last: number): Bits {
    const room = roomFor(last);
    readAll(this.part(asked), last, room);
    return this.#looking(asked, last, room).bits;
  }

  part(asked: Asked): Part {
    const steps = asked.which === 'any' ? 1 : 2;
    const done = ({ knownKept, next }: Looking): number => (steps === 1 ? next : knownKept + next);
    const at = (last: number): Looking => this.#looking(asked, last, roomFor(last));
    return {
      weight: 1,
      isBehind: (last) => at(last).next < at(last).end,
      share: (last) => (at(last).end === 0 ? 1 : done(at(last)) / (steps * at(last).end)),
      step: (last) => this.#read(asked, at(last)),
    };
  }

  #looking(asked: Asked, last: number, size: number): Looking {
    const [scan, ...changes] = this.#state.get() as [number | null, number, number];
    const version = JSON.stringify([scan, last, ...(asked.which === 'any' ? [] : changes)]);
    const name = JSON.stringify(asked);
    const known = this.#known.get(name);
    if (known?.version === version && known.bits.size === size) return known;
    const [from, end] = this.#range(asked, scan);
    const looking: Looking = {
      version,
      scan: scan ?? 0,
      end,
      bits: new Bits(size),
      kept: new Set(),
      knownKept: asked.which === 'any' ? end : from,
      next: from,
    };
    this.#known.delete(name);
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(name, looking);
    return looking;
  }

  #range({ kind, group }: Asked, scan: number | null): [number, number] {
    if (scan === null) return [0, 0];
    return group == null ? [0, this.#groups.get(scan, kind) as number] : [group, group + 1];
  }

  #read({ kind, which, keep }: Asked, looking: Looking): void {
    const { scan, end, bits, kept } = looking;
    const put = (id: number): void => {
      if (id < bits.size) bits.add(id);
    };
    const isKeeping = looking.knownKept < end;
    const from = isKeeping ? looking.knownKept : looking.next;
    const to = Math.min(end, from + GROUPS);
    const bound: Range = { scan, from, to, keep: keep ?? null };
    if (isKeeping) {
      const sql = `SELECT coalesce(@keep, min(item_id)) FROM members ${SQL[kind].kept} GROUP BY number`;
      for (const id of this.#ids(kind, sql).iterate(bound)) kept.add(id);
      looking.knownKept = to;
      return;
    }
    if (which === 'any') for (const id of this.#ids(kind, SQL[kind].any).iterate(bound)) put(id);
    else {
      const rows = this.#database
        .prepare<[Range], [number, number, number, number]>(`${MEMBERS(kind)} ${SQL[kind].others}`)
        .raw();
      for (const [id, ...items] of rows.iterate(bound)) if (!items.some((item) => kept.has(item))) put(id);
    }
    looking.next = to;
  }

  #ids(kind: DuplicateKind, sql: string) {
    return this.#database.prepare<[Range], number>(`${MEMBERS(kind)} ${sql}`).pluck();
  }
}
