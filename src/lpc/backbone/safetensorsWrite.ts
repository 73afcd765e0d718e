/** Writing `.safetensors` files: to a temporary name first, so that a file under its own name is complete. */
import type { TensorSpec } from '#compute/program.ts';
import { encodeFloats, type FloatDtype } from '#compute/stored/encodeFloats.ts';
import { FLOAT_BYTES } from '#compute/stored/formats.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { HEADER_LENGTH_BYTES } from './safetensorsHeader.ts';

export interface TensorToWrite {
  readonly shape: TensorSpec['shape'];
  /** Values, or where they are large how to get them when their turn comes. */
  readonly data: Float32Array | (() => Promise<Float32Array>);
}

export interface WriteOptions {
  /** Format of the stored values; F32 by default. */
  readonly dtype?: FloatDtype;
  readonly metadata?: Readonly<Record<string, string>>;
}

const sizeOf = (shape: TensorSpec['shape']): number => shape.reduce((product, length) => product * length, 1);

async function valuesOf(name: string, { shape, data }: TensorToWrite): Promise<Float32Array> {
  const values = typeof data === 'function' ? await data() : data;
  if (values.length === sizeOf(shape)) return values;
  throw new RangeError(`${name}: shape [${shape}] does not hold ${values.length} values`);
}

/**
 * Writes the tensors in the order given, one at a time. Throws RangeError where a shape disagrees with its data; the
 * file is then absent.
 */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, TensorToWrite>>,
  { dtype = 'F32', metadata = {} }: WriteOptions = {},
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } };
  let offset = 0;
  for (const [name, { shape }] of Object.entries(tensors)) {
    const end = offset + sizeOf(shape) * FLOAT_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const unpadded = Buffer.from(JSON.stringify(header), 'utf8');
  // Spaces keep the tensors aligned to 8 bytes, as other writers do.
  const json = Buffer.concat([unpadded, Buffer.alloc((8 - (unpadded.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(json.length));
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield length;
    yield json;
    for (const [name, tensor] of Object.entries(tensors)) {
      yield encodeFloats(await valuesOf(name, tensor), dtype);
    }
  }
  await writeFileAtomic(path, parts());
}
