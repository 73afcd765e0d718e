import { FacetError } from '#core/result.ts';
import { type Encoding, textEncoding } from './sniff.ts';
import { unreadable } from './unreadable.ts';

async function* without(bomBytes: number, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = bomBytes;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.byteLength);
    left -= skipped;
    if (chunk.byteLength > skipped) yield chunk.subarray(skipped);
  }
}

async function* fromUtf16(
  file: string,
  encoding: Encoding,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (error instanceof FacetError) throw error;
    throw unreadable(file, 'is not whole UTF-16 text.', 'Save it as UTF-8.', error);
  }
}

/** The text as UTF-8 bytes, without a byte order mark. Its rows are decoded, and held to UTF-8, one by one. */
export function utf8Bytes(
  file: string,
  head: Uint8Array,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const found = textEncoding(head);
  if (!found) throw unreadable(file, 'is not UTF-8 text.', 'It holds zero bytes: save it as UTF-8 text.');
  const plain = without(found.bomBytes, chunks);
  return found.encoding === 'utf-8' ? plain : fromUtf16(file, found.encoding, plain);
}

/** The start of the text, for a guess at what it is. */
export function headText(head: Uint8Array): string {
  const { encoding, bomBytes } = textEncoding(head) ?? { encoding: 'utf-8', bomBytes: 0 };
  return new TextDecoder(encoding).decode(head.subarray(bomBytes));
}
