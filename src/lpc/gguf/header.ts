/** What a GGUF file holds: metadata, and where each tensor lies. No tensor's bytes are read. */
import { bytesOf, type FileFormat } from '#compute/stored/formats.ts';
import { FacetError } from '#core/result.ts';
import { openFile } from '#disk/openFile.ts';
import { ByteReader, badGguf } from './ByteReader.ts';
import { type Metadata, type MetadataValue, readMetadataValue } from './metadata.ts';

interface GgufTensor {
  readonly name: string;
  /** Outermost axis first, as Hugging Face writes shapes; the file states them the other way round. */
  readonly shape: readonly number[];
  readonly dtype: FileFormat;
  /** From the file's start. */
  readonly offset: number;
  readonly bytes: number;
}
export interface GgufFile {
  readonly path: string;
  readonly bytes: number;
  readonly metadata: Metadata;
  /** Where type and value of each metadata entry lie, from the file's start. */
  readonly metadataPlaces: ReadonlyMap<string, { readonly offset: number; readonly bytes: number }>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const MAGIC = 'GGUF';
const VERSIONS = [2, 3];
const DEFAULT_ALIGNMENT = 32;
const MOST_AXES = 4;
/** Name length, axes, type and offset: no tensor is described in fewer bytes. */
const LEAST_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;
const LEAST_METADATA_BYTES = 8 + 4 + 1;

/** Tensor types by their code in the format; null: a type that Facet does not read. */
const TENSOR_TYPES: Readonly<Record<number, readonly [name: string, format: FileFormat | null]>> = {
  0: ['F32', 'F32'],
  1: ['F16', 'F16'],
  2: ['Q4_0', 'Q4_0'],
  3: ['Q4_1', 'Q4_1'],
  6: ['Q5_0', 'Q5_0'],
  7: ['Q5_1', 'Q5_1'],
  8: ['Q8_0', 'Q8_0'],
  9: ['Q8_1', null],
  10: ['Q2_K', null],
  11: ['Q3_K', null],
  12: ['Q4_K', 'Q4_K'],
  13: ['Q5_K', 'Q5_K'],
  14: ['Q6_K', 'Q6_K'],
  15: ['Q8_K', null],
  16: ['IQ2_XXS', null],
  17: ['IQ2_XS', null],
  18: ['IQ3_XXS', null],
  19: ['IQ1_S', null],
  20: ['IQ4_NL', null],
  21: ['IQ3_S', null],
  22: ['IQ2_S', null],
  23: ['IQ4_XS', null],
  28: ['F64', null],
  29: ['IQ1_M', null],
  30: ['BF16', 'BF16'],
  34: ['TQ1_0', null],
  35: ['TQ2_0', null],
  39: ['MXFP4', null],
};
const READABLE = Object.values(TENSOR_TYPES).flatMap(([name, format]) => (format === null ? [] : [name]));

interface StatedTensor extends Omit<GgufTensor, 'offset' | 'bytes'> {
  /** From the first byte of the tensors' part. */
  readonly at: number;
}

async function readTensorInfo(reader: ByteReader): Promise<StatedTensor> {
  const { path } = reader;
  const name = await reader.text();
  const axes = await reader.u32();
  if (axes < 1 || axes > MOST_AXES) throw badGguf(path, `tensor "${name}" has ${axes} axes`, name);
  const shape: number[] = [];
  for (let axis = 0; axis < axes; axis += 1) shape.unshift(await reader.u64());
  const code = await reader.u32();
  const [type, dtype] = TENSOR_TYPES[code] ?? [`type ${code}`, null];
  if (dtype === null) {
    throw new FacetError({
      code: 'model.unsupported-tensor-type',
      message: `${path}: tensor "${name}" is ${type}, which Facet does not read.`,
      fix: `Choose a file of the same model with ${READABLE.join(', ')}: Q4_K_M and Q8_0 files are common.`,
      where: { file: path, field: name },
    });
  }
  return { name, shape, dtype, at: await reader.u64() };
}

/** Checked against the file's size: offset and length lie inside of it, blocks are whole. */
function located(stated: StatedTensor, start: number, alignment: number, reader: ByteReader): GgufTensor {
  const { name, shape, dtype, at } = stated;
  const wrong = (why: string) => badGguf(reader.path, `tensor "${name}" ${why}`, name);
  const values = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(values) || values < 1) throw wrong(`has the shape [${shape.join(', ')}]`);
  const row = bytesOf(dtype, shape.at(-1) as number);
  if (!Number.isInteger(row)) throw wrong(`has rows of ${shape.at(-1)} values, not whole ${dtype} blocks`);
  const bytes = bytesOf(dtype, values);
  if (at % alignment !== 0) throw wrong(`begins at ${at}, not at a multiple of ${alignment}`);
  if (start + at + bytes > reader.size)
    throw wrong(`ends ${start + at + bytes - reader.size} bytes after the file`);
  return { name, shape, dtype, offset: start + at, bytes };
}

async function readHeader(reader: ByteReader): Promise<GgufFile> {
  const { path } = reader;
  if (reader.left < 4 || (await reader.bytes(4)).toString('latin1') !== MAGIC)
    throw badGguf(path, 'it does not begin as a GGUF file does');
  const version = await reader.u32();
  if (!VERSIONS.includes(version))
    throw badGguf(path, `it has GGUF version ${version}; Facet reads ${VERSIONS.join(' and ')}`);
  const tensorCount = await reader.u64();
  const metadataCount = await reader.u64();
  if (tensorCount * LEAST_TENSOR_BYTES + metadataCount * LEAST_METADATA_BYTES > reader.left)
    throw badGguf(
      path,
      `it states ${tensorCount} tensors and ${metadataCount} metadata, more than it has room for`,
    );
  const metadata = new Map<string, MetadataValue>();
  const metadataPlaces = new Map<string, { offset: number; bytes: number }>();
  for (let index = 0; index < metadataCount; index += 1) {
    const key = await reader.text();
    if (metadata.has(key)) throw badGguf(path, `the metadata ${key} occurs twice`, key);
    const offset = reader.position;
    metadata.set(key, await readMetadataValue(reader, key));
    metadataPlaces.set(key, { offset, bytes: reader.position - offset });
  }
  const stated: StatedTensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) stated.push(await readTensorInfo(reader));
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (typeof alignment !== 'number' || !Number.isInteger(alignment) || alignment < 1 || alignment > 2 ** 20)
    throw badGguf(path, `general.alignment is ${JSON.stringify(alignment)}`, 'general.alignment');
  const start = Math.ceil(reader.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const tensor of stated) {
    if (tensors.has(tensor.name)) throw badGguf(path, `tensor "${tensor.name}" occurs twice`, tensor.name);
    tensors.set(tensor.name, located(tensor, start, alignment, reader));
  }
  return { path, bytes: reader.size, metadata, metadataPlaces, tensors };
}

/** Throws `model.bad-gguf` or `model.unsupported-tensor-type`. */
export async function openGguf(path: string): Promise<GgufFile> {
  const file = await openFile(path);
  try {
    return await readHeader(new ByteReader(path, file, (await file.stat()).size));
  } finally {
    await file.close();
  }
}
