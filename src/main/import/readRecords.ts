/** The rows of a file of any kind that is read, as data, in batches: bytes, text, values. */
import { basename } from 'node:path';
import { FacetError } from '#core/result.ts';
import { isKnownField } from './fields.ts';
import { arrowRows } from './files/arrow.ts';
import { type InputFile, inputName, openBytes, type Unpacked, unpack, wholeFile } from './files/bytes.ts';
import { tableOfColumns, unwrapped } from './files/columns.ts';
import { delimitedRows, delimiterOf } from './files/delimited.ts';
import { parquetInMemory, parquetOnDisk, parquetRows } from './files/parquet.ts';
import { foreignText } from './files/sniff.ts';
import { headText, utf8Bytes } from './files/text.ts';
import { unreadable } from './files/unreadable.ts';
import type { ParsedRow } from './json/parseRow.ts';
import { RowCutter } from './json/RowCutter.ts';
import { STOPPED } from './threadProtocol.ts';

export interface RecordBatch {
  readonly records: readonly ParsedRow[];
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** Throws `import.stopped` where the caller has asked to end. */
export function checkStopped(signal?: AbortSignal): void {
  if (!signal?.aborted) return;
  throw new FacetError(STOPPED);
}

async function* jsonRows(file: string, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<ParsedRow[]> {
  const cutter = new RowCutter();
  for await (const chunk of chunks) yield cutter.push(chunk);
  const { rows, unclosed } = cutter.end();
  if (unclosed) {
    const read = cutter.count - rows.length;
    throw new FacetError({
      code: 'import.unreadable-file',
      message: `The JSON list ends in the middle, after ${read} ${read === 1 ? 'row' : 'rows'}.`,
      fix: 'The file is cut off; fetch it again.',
      where: { file, row: read + 1 },
    });
  }
  yield rows;
}

/** A file that is one object may be a table: its rows then. */
async function* withTables(batches: AsyncGenerator<ParsedRow[]>): AsyncGenerator<ParsedRow[]> {
  let only: ParsedRow[] | null = null;
  let count = 0;
  for await (const batch of batches) {
    count += batch.length;
    if (batch.length === 0) continue;
    if (count === 1 && batch.length === 1) {
      only = batch;
      continue;
    }
    if (only) yield only;
    only = null;
    yield batch;
  }
  if (!only) return;
  const [row] = only;
  const table = row && 'value' in row ? tableOfColumns(row.value) : null;
  yield table ? table.map((value, index) => ({ row: index + 1, value })) : only;
}

function textRows(file: string, { head, chunks }: Unpacked): AsyncGenerator<ParsedRow[]> {
  const bytes = utf8Bytes(file, head, chunks);
  const start = headText(head);
  const foreign = foreignText(start);
  if (foreign) throw unreadable(file, foreign.reason, foreign.fix);
  const isJson = /^\s*[{[]/.test(start) || start.trim() === '';
  if (isJson) return withTables(jsonRows(file, bytes));
  const delimiter = delimiterOf(start, isKnownField);
  if (delimiter !== null) return delimitedRows(file, bytes, delimiter);
  // Some row may still be JSON; one that is not is reported with its line.
  if (/^[ \t]*[{["]/m.test(start)) return withTables(jsonRows(file, bytes));
  throw unreadable(
    file,
    'holds no rows: it is text that is neither JSON nor a table with known columns.',
    'Rows are JSON Lines, a JSON list, or CSV whose first line names columns like prompt, chosen and rejected.',
  );
}

async function* contentRows(input: InputFile, content: Unpacked): AsyncGenerator<ParsedRow[]> {
  const file = inputName(input);
  const { sniffed, chunks } = content;
  if (sniffed.kind === 'refused') {
    await chunks.return(undefined);
    throw unreadable(file, sniffed.refusal.reason, sniffed.refusal.fix);
  }
  switch (sniffed.content) {
    case 'text':
      return yield* textRows(file, content);
    case 'arrow':
      return yield* arrowRows(file, await wholeFile(file, chunks));
    case 'parquet':
      if (input.entry === undefined && content.layers === 0) {
        await chunks.return(undefined);
        const { buffer, close } = await parquetOnDisk(input.path);
        try {
          return yield* parquetRows(file, buffer);
        } finally {
          await close();
        }
      }
      return yield* parquetRows(file, parquetInMemory(await wholeFile(file, chunks)));
  }
}

function withoutEnvelope(record: ParsedRow): ParsedRow {
  if (!('value' in record)) return record;
  const value = unwrapped(record.value);
  return value === record.value ? record : { row: record.row, value };
}

export async function* readRecords(
  input: InputFile,
  batchRows: number,
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch> {
  const source = await openBytes(input);
  const content = await unpack(source);
  try {
    if (content.head.byteLength === 0)
      throw unreadable(inputName(input), 'is empty.', 'Choose a file that holds rows.');
    let count = 0;
    for await (const records of contentRows(input, content)) {
      for (let start = 0; start < records.length; start += batchRows) {
        checkStopped(signal);
        const some = records.slice(start, start + batchRows).map(withoutEnvelope);
        count += some.length;
        yield { records: some, bytesRead: source.bytesRead(), bytesTotal: source.bytesTotal };
      }
      checkStopped(signal);
    }
    if (count > 0) return;
    throw new FacetError({
      code: 'import.no-rows',
      message: `${basename(inputName(input))} holds no rows.`,
      fix: 'Choose a file that holds rows.',
      where: { file: inputName(input) },
    });
  } finally {
    await content.chunks.return(undefined);
  }
}
