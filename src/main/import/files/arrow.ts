import { zstdDecompressSync } from 'node:zlib';
import { CompressionType, setCompressionCodec, tableFromIPC } from '@uwdata/flechette';
import { toFailure } from '#core/result.ts';
import type { ParsedRow } from '../json/parseRow.ts';
import { plainValue } from './plainValue.ts';
import { unreadable } from './unreadable.ts';

const BATCH_ROWS = 500;

setCompressionCodec(CompressionType.ZSTD, {
  encode: () => {
    throw new Error('Arrow files are only read');
  },
  decode: (data) => zstdDecompressSync(data),
});

const MARK = 'ARROW1';
const STREAM_ENDS = [Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), Buffer.alloc(4)];

/** A file ends with its mark and a stream with an empty message; without one, batches that followed may be gone. */
function isWhole(bytes: Buffer): boolean {
  if (bytes.subarray(0, MARK.length).toString('latin1') === MARK)
    return bytes.subarray(-MARK.length).toString('latin1') === MARK;
  return STREAM_ENDS.some((end) => bytes.subarray(-end.length).equals(end));
}

/** Arrow's file and stream forms; Hugging Face's caches are the latter. Rows are numbered from 1. */
export function* arrowRows(file: string, bytes: Buffer): Generator<ParsedRow[]> {
  if (!isWhole(bytes))
    throw unreadable(
      file,
      'is an Arrow file without its end.',
      'It is cut off, or its writer was never closed; fetch it or write it again.',
    );
  try {
    const table = tableFromIPC(new Uint8Array(bytes), { useBigInt: true, useDate: true });
    let batch: ParsedRow[] = [];
    let row = 0;
    for (const value of table) {
      row += 1;
      if (batch.push({ row, value: plainValue(value) }) < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    throw unreadable(
      file,
      `is an Arrow file that cannot be read: ${toFailure(error).message}.`,
      'The file is damaged, cut off or packed with LZ4; write it again, or as Parquet.',
      error,
    );
  }
}
