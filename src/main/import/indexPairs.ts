import { connectImport } from '../data/database.ts';
import { SEGMENT_PAIRS, SegmentBuilder } from '../data/search/SegmentBuilder.ts';
import { LEAST_INDEXED, searchTable, segmentSteps } from '../data/search/searchTable.ts';
import { SliceWriter, type Turns } from './SliceWriter.ts';

/** Pairs read between two looks at whether to end. */
const READ_AT_ONCE = 1000;

/** Makes the segments that search lacks, one after another. */
export async function indexPairs(projectPath: string, turns: Turns, signal: AbortSignal): Promise<void> {
  const database = connectImport(projectPath);
  try {
    const table = searchTable(database);
    for (;;) {
      const visible = table.lastVisible();
      const covered = table.segments().reduce((last, { lastPair }) => Math.max(last, lastPair), 0);
      if (visible - covered < LEAST_INDEXED) return;
      const first = SEGMENT_PAIRS * Math.floor((covered + 1) / SEGMENT_PAIRS);
      const last = Math.min(visible, first + SEGMENT_PAIRS - 1);
      const builder = new SegmentBuilder();
      for (let from = first; from <= last; from += READ_AT_ONCE) {
        if (signal.aborted) return;
        for (const { id, text } of table.texts(from, Math.min(last, from + READ_AT_ONCE - 1))) {
          builder.add(id - first, text);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      const slices = new SliceWriter<() => void>(database, turns, {
        rows: 16,
        lookRows: 8,
        write: (step) => step(),
      });
      await slices.add([...segmentSteps(database, builder.finish(), first, last)]);
      await slices.flush();
    }
  } finally {
    database.close();
  }
}
