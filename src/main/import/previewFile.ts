import type { ImportPreview } from '#shared/entities.ts';
import type { Database } from '../data/database.ts';
import { knownPairs } from '../data/pairHashes.ts';
import { hashPair, Occurrences } from '../data/pairWriter.ts';
import { Problems } from './Problems.ts';
import { readFile } from './readFile.ts';
import { sourceName } from './sourceName.ts';
import type { ImportFormat } from './types.ts';

const BATCH_ROWS = 500;
const SAMPLE_ROWS = 5;

function mostFrequent(counts: ReadonlyMap<ImportFormat, number>): ImportFormat | 'unknown' {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown';
}

/** Reads the whole file and changes nothing. */
export async function previewFile(
  database: Database,
  file: string,
  signal?: AbortSignal,
): Promise<ImportPreview> {
  const problems = new Problems();
  const occurrences = new Occurrences();
  const known = knownPairs(database);
  const formats = new Map<ImportFormat, number>();
  const sample: ImportPreview['sample'] = [];
  let rows = 0;
  let readable = 0;
  let duplicates = 0;
  for await (const batch of readFile(file, BATCH_ROWS, signal)) {
    for (const { row, outcome } of batch.rows) {
      rows += 1;
      if (!outcome.ok) {
        problems.add(row, outcome.problem);
        continue;
      }
      readable += 1;
      const { pair } = outcome;
      formats.set(pair.format, (formats.get(pair.format) ?? 0) + 1);
      const hash = hashPair({ ...pair, row }, occurrences).pair;
      if (known.see(hash)) duplicates += 1;
      if (sample.length < SAMPLE_ROWS) {
        const { messages, chosen, rejected } = pair;
        sample.push({ messages: [...messages], chosen, rejected, source: sourceName(pair, file) });
      }
    }
  }
  return {
    file,
    format: mostFrequent(formats),
    rows,
    readable,
    duplicates,
    problems: problems.listed,
    problemCount: problems.count,
    sample,
  };
}
