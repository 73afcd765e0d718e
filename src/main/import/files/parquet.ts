import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { FacetError, toFailure } from '#core/result.ts';
import { openFile } from '#disk/openFile.ts';
import type { ParsedRow } from '../json/parseRow.ts';
import { LIMITS } from './limits.ts';
import { plainValue } from './plainValue.ts';
import { unreadable } from './unreadable.ts';

const BATCH_ROWS = 500;

/** The file as hyparquet asks for it: slices, read when they are wanted. */
export async function parquetOnDisk(path: string): Promise<{ buffer: AsyncBuffer; close(): Promise<void> }> {
  const handle = await openFile(path);
  const { size } = await handle.stat();
  const buffer: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.byteLength, start);
      return bytes.buffer;
    },
  };
  return { buffer, close: () => handle.close() };
}

export function parquetInMemory(bytes: Buffer): AsyncBuffer {
  const whole = new Uint8Array(bytes);
  return { byteLength: whole.byteLength, slice: (start, end) => whole.slice(start, end).buffer };
}

/**
 * hyparquet looks for each column in the schema after it has begun to read those before it: where one is missing, nobody hears
 * how these end, and a damaged one among them would end the process.
 */
function requireColumns(metadata: FileMetaData): void {
  const tree = parquetSchema(metadata);
  for (const { columns } of metadata.row_groups)
    for (const { meta_data } of columns) {
      const path = meta_data?.path_in_schema ?? [];
      let node: SchemaTree | undefined = tree;
      for (const part of path) node = node?.children.find(({ element }) => element.name === part);
      if (node === undefined)
        throw new Error(`its schema lacks the column ${JSON.stringify(path.join('.'))}`);
    }
}

/** hyparquet looks through all columns for each of them. */
function boundColumns(file: string, { row_groups: groups }: FileMetaData): void {
  if (groups.every(({ columns }) => columns.length <= LIMITS.columns)) return;
  throw unreadable(
    file,
    `has more than ${LIMITS.columns.toLocaleString('en')} columns.`,
    'Write it again with the columns of prompts, replies and labels alone.',
  );
}

/** Row group by row group; rows are numbered from 1. */
export async function* parquetRows(file: string, buffer: AsyncBuffer): AsyncGenerator<ParsedRow[]> {
  try {
    const metadata = await parquetMetadataAsync(buffer);
    if (!Array.isArray(metadata.row_groups)) throw new Error('it holds no table');
    boundColumns(file, metadata);
    requireColumns(metadata);
    let start = 0;
    for (const group of metadata.row_groups) {
      const end = start + Number(group.num_rows);
      const options = { file: buffer, metadata, compressors, rowStart: start, rowEnd: end };
      const values = await parquetReadObjects(options);
      for (let from = 0; from < values.length; from += BATCH_ROWS) {
        const first = start + from + 1;
        yield values
          .slice(from, from + BATCH_ROWS)
          .map((value, index) => ({ row: first + index, value: plainValue(value) }));
      }
      start = end;
    }
  } catch (error) {
    if (error instanceof FacetError) throw error;
    throw unreadable(
      file,
      `is a Parquet file that cannot be read${error instanceof TypeError || error instanceof RangeError ? '' : `: ${toFailure(error).message}`}.`,
      'The file is damaged or cut off; write it or fetch it again.',
      error,
    );
  }
}
