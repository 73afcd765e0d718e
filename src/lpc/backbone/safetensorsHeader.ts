/**
 * The safetensors header: 8 bytes little-endian length N, N bytes of JSON, then the tensors' bytes without holes.
 * Parsing is strict: what the format forbids is refused, so that a wrong file can't be read as a right one.
 */
import { FacetError } from '#core/result.ts';
import { isJsonObject } from './files.ts';

const BYTES_PER_VALUE = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;
type SafetensorsDtype = keyof typeof BYTES_PER_VALUE;

export const HEADER_LENGTH_BYTES = 8;
/** The format's own bound. */
const MAX_HEADER_BYTES = 100_000_000;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export function badTensorFile(file: string, why: string, tensor?: string): FacetError {
  return new FacetError({
    code: 'model.bad-safetensors',
    message: `${file}${tensor === undefined ? '' : `, tensor "${tensor}"`}: ${why}.`,
    fix: 'Fetch the file again; it is damaged or incomplete.',
    where: tensor === undefined ? { file } : { file, field: tensor },
  });
}

/** Length of the JSON header from the file's first 8 bytes. Throws `model.bad-safetensors`. */
export function headerLength(first: Uint8Array, fileBytes: number, file: string): number {
  if (first.length < HEADER_LENGTH_BYTES) {
    throw badTensorFile(file, `it ends after ${first.length} bytes, before its header`);
  }
  const length = new DataView(first.buffer, first.byteOffset, HEADER_LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES) || length > BigInt(fileBytes - HEADER_LENGTH_BYTES)) {
    throw badTensorFile(file, `its header claims ${length} bytes, but the file has ${fileBytes}`);
  }
  if (length < 2n) throw badTensorFile(file, `its header claims ${length} bytes, too few for any JSON`);
  return Number(length);
}

/** Keys of the outermost object, repeats included. `text` must be valid JSON. */
function outermostKeys(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let expectsKey = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      const start = index;
      for (index += 1; text[index] !== '"'; index++) if (text[index] === '\\') index += 1;
      if (depth === 1 && expectsKey) keys.push(JSON.parse(text.slice(start, index + 1)) as string);
      expectsKey = false;
    } else if (character === '{' || character === '[') {
      depth += 1;
      expectsKey = depth === 1 && character === '{';
    } else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth === 1) expectsKey = true;
  }
  return keys;
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readEntry(
  name: string,
  value: unknown,
  dataStart: number,
  dataBytes: number,
  file: string,
): TensorEntry {
  if (!isJsonObject(value)) throw badTensorFile(file, 'its entry is not an object', name);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES_PER_VALUE, dtype)) {
    throw badTensorFile(file, `unknown dtype ${JSON.stringify(dtype)}`, name);
  }
  if (!Array.isArray(shape) || shape.length > 16 || !shape.every(isSize)) {
    throw badTensorFile(file, `invalid shape ${JSON.stringify(shape)}`, name);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw badTensorFile(file, `invalid data_offsets ${JSON.stringify(offsets)}`, name);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes) {
    throw badTensorFile(
      file,
      `its bytes ${begin}…${end} lie outside the file's ${dataBytes} data bytes`,
      name,
    );
  }
  const expected = (shape as number[]).reduce((product, size) => product * size, 1);
  const bytes = expected * BYTES_PER_VALUE[dtype as SafetensorsDtype];
  if (!Number.isSafeInteger(bytes) || bytes !== end - begin) {
    throw badTensorFile(
      file,
      `shape [${shape.join(', ')}] of ${dtype} needs ${bytes} bytes, not ${end - begin}`,
      name,
    );
  }
  return {
    name,
    dtype: dtype as SafetensorsDtype,
    shape: shape as number[],
    offset: dataStart + begin,
    bytes,
  };
}

/**
 * Tensors of a file by name. `json` is the header's text, `fileBytes` the size of the whole file.
 * Throws `model.bad-safetensors` for unknown dtypes, shapes that disagree with their bytes, bytes outside the file,
 * names that occur twice, overlaps and holes.
 */
export function parseHeader(json: string, fileBytes: number, file: string): ReadonlyMap<string, TensorEntry> {
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch (error) {
    throw badTensorFile(
      file,
      `its header is not JSON (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  if (!isJsonObject(header)) throw badTensorFile(file, 'its header is not a JSON object');
  const dataStart = HEADER_LENGTH_BYTES + Buffer.byteLength(json, 'utf8');
  const dataBytes = fileBytes - dataStart;
  const entries = new Map<string, TensorEntry>();
  const seen = new Set<string>();
  for (const name of outermostKeys(json)) {
    if (seen.has(name)) throw badTensorFile(file, 'the name occurs twice in the header', name);
    seen.add(name);
    if (name === '__metadata__') continue;
    entries.set(name, readEntry(name, header[name], dataStart, dataBytes, file));
  }
  let expectedOffset = dataStart;
  for (const entry of [...entries.values()].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (entry.offset < expectedOffset)
      throw badTensorFile(file, 'its bytes overlap another tensor', entry.name);
    if (entry.offset > expectedOffset) throw badTensorFile(file, 'unused bytes lie before it', entry.name);
    expectedOffset = entry.offset + entry.bytes;
  }
  if (expectedOffset !== fileBytes) {
    throw badTensorFile(file, `${fileBytes - expectedOffset} bytes at its end belong to no tensor`);
  }
  return entries;
}
