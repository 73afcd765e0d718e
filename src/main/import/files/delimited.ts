/** CSV and TSV: rows as objects by the names of the first line. */
import { CsvError, parse } from 'csv-parse';
import { toFailure } from '#core/result.ts';
import type { ParsedRow } from '../json/parseRow.ts';
import { LIMITS } from './limits.ts';
import { unreadable } from './unreadable.ts';

const DELIMITERS = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Fields of the first line at this delimiter; quotes are taken off. */
function headerFields(line: string, delimiter: string): string[] {
  const fields = [
    ...line.matchAll(
      new RegExp(`("(?:[^"]|"")*"|[^${delimiter === '|' ? '\\|' : delimiter}]*)(?:[${delimiter}]|$)`, 'g'),
    ),
  ];
  return fields.map((field) => (field[1] ?? '').replace(/^"|"$/g, '').trim());
}

/** Excel's first line that names the delimiter: no row, and no line of names. */
const NAMED = /^"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)/i;

/** The delimiter that the first line is written with, where that names columns. */
export function delimiterOf(head: string, isKnown: (name: string) => boolean): Delimiter | null {
  const [first = '', named] = NAMED.exec(head) ?? [];
  if (named !== undefined && !DELIMITERS.some((delimiter) => delimiter === named)) return null;
  const line =
    head
      .slice(first.length)
      .split(/\r\n|\n|\r/)
      .find((text) => text.trim() !== '') ?? '';
  if (line.length > 4000) return null;
  const found = DELIMITERS.filter((delimiter) => named === undefined || delimiter === named)
    .map((delimiter) => {
      const fields = headerFields(line, delimiter).filter((name) => name !== '');
      return { delimiter, known: fields.filter(isKnown).length, count: fields.length };
    })
    .sort((a, b) => b.known - a.known || b.count - a.count)[0];
  return found && found.known >= 1 && found.count >= 2 ? found.delimiter : null;
}

const isSeparatorLine = ([first, ...others]: readonly string[]): boolean =>
  /^sep=.?$/i.test(first ?? '') && others.every((cell) => cell === '');

/** `row` is the record's number, the line of names aside: what a spreadsheet shows, less one. */
export async function* delimitedRows(
  file: string,
  chunks: AsyncGenerator<Uint8Array>,
  delimiter: Delimiter,
): AsyncGenerator<ParsedRow[]> {
  /** Whether a line like `sep=;` comes first. */
  let isNamed = false;
  const parser = parse({
    on_record: (record: string[], { records }) => {
      if (records !== 1 || !isSeparatorLine(record)) return record;
      isNamed = true;
      return null;
    },
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LIMITS.rowBytes,
    // Quotes within a tab-separated cell stand for themselves.
    relax_quotes: delimiter === '\t',
    // Bytes stay bytes until a row is whole: a wrong one belongs to its row.
    encoding: 'latin1',
  });
  const feed = (async () => {
    try {
      for await (const chunk of chunks) {
        if (parser.destroyed) return;
        if (!parser.write(chunk)) {
          await new Promise<void>((resolve) => {
            parser.once('drain', resolve);
            parser.once('close', resolve);
          });
        }
      }
      parser.end();
    } catch (error) {
      parser.destroy(error as Error);
    }
  })();
  let names: string[] | null = null;
  let row = 0;
  let batch: ParsedRow[] = [];
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (!names) {
        names = columnNames(file, record);
        continue;
      }
      row += 1;
      batch.push(rowOf(row, names, record));
      if (batch.length < 200) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    throw csvFailure(file, error, isNamed);
  } finally {
    parser.destroy();
    await chunks.return(undefined);
    await feed;
  }
}

const QUOTES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark that opens a cell is never closed',
  INVALID_OPENING_QUOTE: 'a quotation mark stands in the midst of a cell',
  CSV_INVALID_CLOSING_QUOTE: 'a cell goes on after the quotation mark that closes it',
};

/** The parser has counted the records before the one that it cannot read, the first line and one like `sep=;` among them. */
function csvFailure(file: string, error: unknown, isNamed: boolean): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, records, lines } = error as CsvError & { readonly records: number; readonly lines: number };
  const row = records - (isNamed ? 1 : 0);
  const where = row < 1 ? 'in the line that names its columns' : `in row ${row}, line ${lines} of the file`;
  return unreadable(
    file,
    `cannot be read ${where}: ${QUOTES[code] ?? toFailure(error).message}.`,
    'Put cells that hold quotation marks, delimiters or line breaks in quotation marks, and double those inside.',
    error,
  );
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = (latin: string): string => decoder.decode(Buffer.from(latin, 'latin1'));

function nameOf(file: string, latin: string): string {
  try {
    return utf8(latin).trim();
  } catch (error) {
    throw unreadable(file, 'names a column in text that is not UTF-8.', 'Save it as UTF-8.', error);
  }
}

function columnNames(file: string, record: readonly string[]): string[] {
  const names = record.map((name) => nameOf(file, name));
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw unreadable(file, `has two columns named ${twice}.`, 'Rename one of them.');
  return names;
}

function rowOf(row: number, names: readonly string[], record: readonly string[]): ParsedRow {
  if (record.length !== names.length) {
    const reason = `has ${record.length} cells where the first line names ${names.length} columns`;
    return { row, problem: { field: null, reason } };
  }
  const value: Record<string, string | null> = {};
  for (const [index, name] of names.entries()) {
    if (name === '' && record[index] === '') continue;
    try {
      const cell = utf8(record[index] as string);
      value[name === '' ? `column ${index + 1}` : name] = cell === '' ? null : cell;
    } catch {
      return { row, problem: { field: name, reason: 'is not UTF-8; save the file as UTF-8' } };
    }
  }
  return { row, value };
}
