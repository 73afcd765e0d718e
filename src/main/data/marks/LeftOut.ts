import type { Database } from '../database.ts';
import { Bits } from '../search/Bits.ts';

/** Whether a pair is neither deleted nor excluded, for a query that must not ask the view. */
export const inUse = (id: string): string =>
  `NOT coalesce((SELECT bits >> (${id} & 31) & 1 FROM left_out WHERE word = ${id} >> 5), 0)`;

/** Changes with what is deleted or excluded. */
export const LEFT_OUT_VERSION = 'SELECT sum(version) FROM marks WHERE id IN (1, 2)';

/** Pairs that are deleted or excluded and can be read, in memory: a word for 32 of them. For the queue. */
export function leftOutPairs(database: Database) {
  const version = database.prepare<[], number>(LEFT_OUT_VERSION).pluck();
  const words = database
    .prepare<[], [number, number]>('SELECT word, bits FROM left_out WHERE bits <> 0')
    .raw();
  const setAside = database.prepare<[], number>('SELECT pair_id FROM set_aside').pluck();
  const asideCount = database.prepare<[], number>('SELECT count(*) FROM set_aside').pluck();
  let known = { state: '', bits: new Bits(0), count: 0 };

  function read(): typeof known {
    const state = `${version.get()}:${asideCount.get()}`;
    if (state === known.state) return known;
    const rows = words.all();
    const bits = new Bits(32 * ((rows.at(-1)?.[0] ?? -1) + 1));
    for (const [word, value] of rows) bits.words[word] = value;
    if (rows.length > 0) for (const id of setAside.all()) if (id < bits.size) bits.remove(id);
    known = { state, bits, count: bits.count() };
    return known;
  }
  return {
    version: (): number => version.get() as number,
    has: (pairId: number): boolean => {
      const { bits } = read();
      return pairId < bits.size && bits.has(pairId);
    },
    count: (): number => read().count,
    /** Those with ids up to one. */
    upTo: (pairId: number): number => read().bits.countUpTo(pairId),
  };
}
