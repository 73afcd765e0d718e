/** The labelled pairs of any file that import takes, by the importer itself: same reading, same duplicates dropped. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { createDatabase } from '../data/database.ts';
import { UnreadablePairError } from '../data/storedMessages.ts';
import { labelledPairs, preferencePairs } from '../data/trainingPairs.ts';
import { Writer } from '../data/Writer.ts';
import { importInto } from '../import/runImport.ts';

const SHOWN_PROBLEMS = 3;

/** Throws `import.…` for a file that can't be read and `experiment.no-pairs` for one without a pair. */
export async function readPairs(file: string, note: (line: string) => void): Promise<PreferencePair[]> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-experiment-'));
  try {
    const path = join(folder, 'pairs.facet');
    const database = createDatabase(path);
    try {
      for await (const frame of importInto(path, file, new Date(0).toISOString(), new Writer())) {
        if (frame.type !== 'done' || frame.problemCount === 0) continue;
        note(`${file}: ${frame.problemCount} rows could not be read and are left out`);
        for (const { row, field, reason } of frame.problems.slice(0, SHOWN_PROBLEMS)) {
          note(`  row ${row}${field ? `, field ${field}` : ''}: ${reason}`);
        }
      }
      const labelled = labelledPairs(database, { labels: 'imported', sourceIds: null });
      if (labelled.length > 0) {
        return [
          ...preferencePairs(database, labelled, (unreadable) => {
            throw new UnreadablePairError(unreadable);
          }),
        ];
      }
    } finally {
      database.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new FacetError({
    code: 'experiment.no-pairs',
    message: 'The file holds no readable pair.',
    where: { file },
    fix: 'To see why, run: facet import FILE --project X --preview.',
  });
}
