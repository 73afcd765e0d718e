/** What a file is, by its first bytes alone. */
type Packing = 'gzip' | 'zstd' | 'zip';
type Content = 'parquet' | 'arrow' | 'text';
export interface Refusal {
  readonly reason: string;
  readonly fix: string;
}
export type Sniffed =
  | { readonly kind: 'packed'; readonly packing: Packing }
  | { readonly kind: 'content'; readonly content: Content }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const starts = (head: Uint8Array, ...bytes: number[]): boolean =>
  head.length >= bytes.length && bytes.every((byte, index) => head[index] === byte);
const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

const ROWS_FIX = 'Choose a file of rows: JSON Lines, JSON, CSV, TSV, Parquet or Arrow.';
const PICKLE = 'is a Python pickle, which could run code when it is read.';
const PICKLE_FIX = 'Load it in Python and save it as JSON Lines or Parquet.';

const FOREIGN: readonly (readonly [bytes: readonly number[], what: string, fix: string])[] = [
  [
    ascii('BZh'),
    'is compressed with bzip2.',
    'Decompress it first, or compress it with gzip, Zstandard or zip.',
  ],
  [
    [0xfd, 0x37, 0x7a, 0x58],
    'is compressed with xz.',
    'Decompress it first, or compress it with gzip, Zstandard or zip.',
  ],
  [[0x37, 0x7a, 0xbc, 0xaf], 'is a 7-Zip archive.', 'Unpack it first, or use a zip archive.'],
  [ascii('Rar!'), 'is a RAR archive.', 'Unpack it first, or use a zip archive.'],
  [ascii('%PDF'), 'is a PDF document.', 'Choose a file of rows: JSON Lines, JSON, CSV, Parquet or Arrow.'],
  [
    ascii('SQLite format 3'),
    'is a database, perhaps a Facet project.',
    'Open a project instead of importing it, or export its pairs first.',
  ],
  [
    [0x89, 0x50, 0x4e, 0x47],
    'is an image.',
    'Choose a file of rows: JSON Lines, JSON, CSV, Parquet or Arrow.',
  ],
  [[0xff, 0xfe, 0, 0], 'is UTF-32 text.', 'Save it as UTF-8.'],
  [[0, 0, 0xfe, 0xff], 'is UTF-32 text.', 'Save it as UTF-8.'],
  [[0x80, 2], PICKLE, PICKLE_FIX],
  [[0x80, 3], PICKLE, PICKLE_FIX],
  [[0x80, 4], PICKLE, PICKLE_FIX],
  [[0x80, 5], PICKLE, PICKLE_FIX],
  [[0x89, 0x48, 0x44, 0x46], 'is an HDF5 file.', ROWS_FIX],
  [ascii('GGUF'), 'is a model, not data.', ROWS_FIX],
  [ascii('Obj\x01'), 'is an Avro file.', ROWS_FIX],
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    'is a file of an older office program.',
    'Save the sheet as CSV, and import that.',
  ],
  [[0xff, 0xd8, 0xff], 'is an image.', 'Choose a file of rows: JSON Lines, JSON, CSV, Parquet or Arrow.'],
];

/** Eight bytes of a header's length, then the header. */
const isSafetensors = (head: Uint8Array): boolean =>
  head[8] === 0x7b && starts(head.subarray(4), 0, 0, 0, 0) && (head[7] ?? 1) === 0;
const isTar = (head: Uint8Array): boolean => starts(head.subarray(257), ...ascii('ustar'));

const isZstdFrame = (head: Uint8Array): boolean =>
  starts(head, 0x28, 0xb5, 0x2f, 0xfd) ||
  ((head[0] ?? 0) >> 4 === 5 && starts(head.subarray(1), 0x2a, 0x4d, 0x18));

export function sniff(head: Uint8Array): Sniffed {
  if (starts(head, 0x1f, 0x8b)) return { kind: 'packed', packing: 'gzip' };
  if (isZstdFrame(head)) return { kind: 'packed', packing: 'zstd' };
  if (starts(head, 0x50, 0x4b, 3, 4) || starts(head, 0x50, 0x4b, 5, 6))
    return { kind: 'packed', packing: 'zip' };
  if (starts(head, ...ascii('PAR1'))) return { kind: 'content', content: 'parquet' };
  if (starts(head, ...ascii('ARROW1')) || starts(head, 0xff, 0xff, 0xff, 0xff))
    return { kind: 'content', content: 'arrow' };
  if (isTar(head))
    return {
      kind: 'refused',
      refusal: { reason: 'is a tar archive.', fix: 'Unpack it first, or use a zip archive.' },
    };
  if (isSafetensors(head))
    return { kind: 'refused', refusal: { reason: 'is a model, not data.', fix: ROWS_FIX } };
  for (const [bytes, reason, fix] of FOREIGN) {
    if (starts(head, ...bytes)) return { kind: 'refused', refusal: { reason, fix } };
  }
  return { kind: 'content', content: 'text' };
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the byte order mark; UTF-16 without one shows by its zero bytes. Null for what is no text. */
export function textEncoding(head: Uint8Array): { encoding: Encoding; bomBytes: number } | null {
  if (starts(head, 0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', bomBytes: 3 };
  if (starts(head, 0xff, 0xfe)) return { encoding: 'utf-16le', bomBytes: 2 };
  if (starts(head, 0xfe, 0xff)) return { encoding: 'utf-16be', bomBytes: 2 };
  const zeros = [0, 0];
  const seen = Math.min(head.length, 1024);
  for (let index = 0; index < seen; index++)
    if (head[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return { encoding: 'utf-8', bomBytes: 0 };
  if (odd >= 4 && odd > seen / 6 && 8 * even < odd) return { encoding: 'utf-16le', bomBytes: 0 };
  if (even >= 4 && even > seen / 6 && 8 * odd < even) return { encoding: 'utf-16be', bomBytes: 0 };
  // One by mistake, in text that is JSON otherwise: it belongs to its row.
  const text = new TextDecoder().decode(head.subarray(0, seen), { stream: true });
  const isJson = /^\s*[{["]/.test(text) && !text.includes('\uFFFD');
  return isJson && even + odd <= 2 ? { encoding: 'utf-8', bomBytes: 0 } : null;
}

/** Text that people download in place of their data. */
export function foreignText(text: string): Refusal | null {
  const start = text.trimStart().slice(0, 4000);
  if (start.startsWith('version https://git-lfs.github.com/spec'))
    return {
      reason: 'is a Git LFS pointer, not the data itself.',
      fix: 'Fetch the file with "git lfs pull", or download it from its page.',
    };
  if (/^(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body)\b/i.test(start))
    return {
      reason: 'is a web page, perhaps an error page that was saved in place of the data.',
      fix: 'Download the file again, signed in where its page asks for it.',
    };
  if (/^<\?xml|^<[a-z]+[\s>]/i.test(start)) return { reason: 'is XML.', fix: ROWS_FIX };
  if (/^[{["]/.test(start)) return null;
  const firstLines = start.split('\n').slice(0, 12).join('\n');
  if (/\blicen[sc]e\b|copyright \(c\)|all rights reserved/i.test(firstLines))
    return { reason: 'is a licence, not data.', fix: ROWS_FIX };
  if (/^---\n[\s\S]*?\n---|^#{1,3} \S/.test(start))
    return { reason: 'is a page of text (Markdown), not data.', fix: ROWS_FIX };
  return null;
}
