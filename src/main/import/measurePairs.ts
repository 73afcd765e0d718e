import { connectImport } from '../data/database.ts';
import { searchTable } from '../data/search/searchTable.ts';
import { languageTeller } from '../data/table/language.ts';
import {
  BLOCK_PAIRS,
  factTable,
  LEAST_MEASURED,
  languageNumber,
  lengthsOf,
} from '../data/table/TextFacts.ts';
import { inTransaction } from '../data/transaction.ts';
import type { Turns } from './SliceWriter.ts';

/** Pairs read between two looks at whether to end. */
const READ_AT_ONCE = 200;

/** Measures the texts that came in, block by block: lengths and languages, for the table. */
export async function measurePairs(projectPath: string, turns: Turns, signal: AbortSignal): Promise<void> {
  const database = connectImport(projectPath);
  try {
    const table = factTable(database);
    const { lastVisible } = searchTable(database);
    for (;;) {
      const visible = lastVisible();
      const covered = table.measuredTo();
      if (visible - covered < LEAST_MEASURED) return;
      const languageOf = await languageTeller();
      const first = BLOCK_PAIRS * Math.floor((covered + 1) / BLOCK_PAIRS);
      const last = Math.min(visible, first + BLOCK_PAIRS - 1);
      const lengths = new Uint32Array(3 * (last - first + 1));
      const languages = new Uint16Array(last - first + 1);
      for (let from = first; from <= last; from += READ_AT_ONCE) {
        if (signal.aborted) return;
        for (const row of table.texts(from, Math.min(last, from + READ_AT_ONCE - 1))) {
          lengths.set(lengthsOf(row), 3 * (row.id - first));
          languages[row.id - first] = languageNumber(languageOf(row.preview));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await turns.take(() =>
        inTransaction(database, () => table.put({ firstPair: first, lastPair: last, lengths, languages })),
      );
    }
  } finally {
    database.close();
  }
}
