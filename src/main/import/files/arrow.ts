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

/** Arrow's file and stream forms; Hugging Face's caches are the latter. Rows are numbered from 1. */
export function* arrowRows(file: string, bytes: Buffer): Generator<ParsedRow[]> {
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
