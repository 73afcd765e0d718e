/** Writes a GGUF file, version 3: metadata, what tensors there are, then their bytes one after another. */
import { bytesOf, type FileFormat } from '#compute/stored/formats.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { type GgufValue, text, u32, u64, valueBytes } from './values.ts';

const ALIGNMENT = 32;
const TYPE_CODES = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 8 } as const satisfies Partial<
  Record<FileFormat, number>
>;

export interface GgufTensorToWrite {
  readonly name: string;
  /** Outermost axis first. */
  readonly shape: readonly number[];
  readonly type: keyof typeof TYPE_CODES;
  /** Called when its turn comes. */
  readonly bytes: () => Promise<Uint8Array>;
}

const padding = (bytes: number): Uint8Array => new Uint8Array((ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT);
const sizeOf = ({ shape, type }: GgufTensorToWrite): number =>
  bytesOf(
    type,
    shape.reduce((product, size) => product * size, 1),
  );

/** Complete or absent. Throws RangeError where a tensor's bytes are not those of its shape. */
export async function writeGguf(
  path: string,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensorToWrite[],
): Promise<void> {
  const infos: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const { name, shape, type } = tensor;
    infos.push(
      text(name),
      u32(shape.length),
      ...[...shape].reverse().map(u64),
      u32(TYPE_CODES[type]),
      u64(offset),
    );
    offset += sizeOf(tensor);
    offset += padding(offset).length;
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(metadata.size),
    ...[...metadata].flatMap(([key, value]) => [text(key), valueBytes(value)]),
    ...infos,
  ]);
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield head;
    yield padding(head.length);
    for (const tensor of tensors) {
      const bytes = await tensor.bytes();
      if (bytes.length !== sizeOf(tensor))
        throw new RangeError(`${tensor.name}: ${bytes.length} bytes are not its shape's ${sizeOf(tensor)}`);
      yield bytes;
      yield padding(bytes.length);
    }
  }
  await writeFileAtomic(path, parts());
}
