import type { ImportRules } from '#shared/importEntities.ts';
import type { InputFile } from './files/bytes.ts';
import { readRecords } from './readRecords.ts';
import { readRow } from './readRow.ts';
import type { RowOutcome } from './types.ts';

export { checkStopped } from './readRecords.ts';

export interface ReadBatch {
  readonly rows: readonly { readonly row: number; readonly outcome: RowOutcome }[];
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** Rows of a file in batches small enough to keep the process responsive. */
export async function* readFile(
  input: InputFile,
  rules: ImportRules,
  batchRows: number,
  signal?: AbortSignal,
): AsyncGenerator<ReadBatch> {
  for await (const { records, bytesRead, bytesTotal } of readRecords(input, batchRows, signal)) {
    const rows = records.map((record) => ({
      row: record.row,
      outcome:
        'value' in record ? readRow(record.value, rules) : ({ ok: false, problem: record.problem } as const),
    }));
    yield { rows, bytesRead, bytesTotal };
  }
}
