import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Constant, type Program, tf } from '../index.ts';
import { recordProgram } from '../record/recorder.ts';
import { decodeFloats } from '../stored/floats.ts';
import { OrtConstants } from './ortConstants.ts';
import { OrtEngine } from './ortEngine.ts';
import { TfjsEngine } from './tfjsEngine.ts';

/** 1, −2, 0.5, 65504, the smallest subnormal and infinity as binary16. */
const HALVES = [0x3c00, 0xc000, 0x3800, 0x7bff, 0x0001, 0x7c00];
const HALF_VALUES = [1, -2, 0.5, 65504, 2 ** -24, Infinity];

let folder = '';
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-constants-'));
  // A header of three bytes: no value is aligned, as in a real .safetensors file.
  const floats = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  const bfloats = Buffer.from(Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x42c8, 0x0000, 0x7f80).buffer);
  const halves = Buffer.from(Uint16Array.from(HALVES).buffer);
  await writeFile(path('weights.safetensors'), Buffer.concat([Buffer.from('abc'), floats, bfloats, halves]));
  await mkdir(path('elsewhere'));
  await symlink(path('weights.safetensors'), path('elsewhere/link.safetensors'));
  await writeFile(path('elsewhere/other.bin'), floats);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type FileSource = Extract<Constant['source'], { kind: 'file' }>;
const constant = (file: string, offset: number, dtype: FileSource['dtype']): Constant => ({
  spec: { shape: [2, 3], dtype: 'float32' },
  source: { kind: 'file', path: path(file), offset, bytes: dtype === 'F32' ? 24 : 12, dtype },
});
const constants = (file: string) => ({
  float: constant(file, 3, 'F32'),
  bfloat: constant(file, 27, 'BF16'),
  half: constant(file, 39, 'F16'),
});

const program: Program = {
  name: 'read',
  inputs: {},
  state: [],
  constants: ['float', 'bfloat', 'half'],
  build: ({ constants: { float, bfloat, half } }) => ({
    outputs: { float: tf.neg(float!), bfloat: tf.neg(bfloat!), half: tf.neg(half!) },
  }),
};
const expected = {
  float: Float32Array.of(-1, -2, -3, -4, -5, -6),
  bfloat: Float32Array.of(-1, 2, -0.5, -100, -0, -Infinity),
  half: Float32Array.from(HALF_VALUES, (value) => -value),
};

describe('constants from a file', () => {
  it.each([
    ['mapped on cpu', () => new OrtEngine({ name: 'onnx-cpu', device: 'cpu' })],
    ['fed on cpu', () => new OrtEngine({ name: 'onnx-cpu', device: 'cpu', placeConstants: 'fed' })],
    ['baked on cpu', () => new OrtEngine({ name: 'onnx-cpu', device: 'cpu', placeConstants: 'model' })],
    ['eager', () => new TfjsEngine('tfjs-cpu', 'cpu', 'cpu')],
  ] as const)('are read in place, unaligned, widened from 16 bits and through links: %s', async (_, make) => {
    for (const file of ['weights.safetensors', 'elsewhere/link.safetensors']) {
      const engine = make();
      await engine.setConstants(constants(file));
      expect(await (await engine.compile(program)).run({})).toEqual(expected);
      await engine.dispose();
    }
  });

  it.each(['files', 'model'] as const)('come from two folders: %s', async (placeConstants) => {
    const engine = new OrtEngine({ name: 'onnx-cpu', device: 'cpu', placeConstants });
    await engine.setConstants({
      ...constants('weights.safetensors'),
      bfloat: constant('elsewhere/other.bin', 0, 'F32'),
    });
    const got = await (await engine.compile(program)).run({});
    expect(got).toEqual({ ...expected, bfloat: expected.float });
    await engine.dispose();
  });

  it('fail with the name and the file where it ends early or the size is wrong', async () => {
    const engine = new OrtEngine({ name: 'onnx-cpu', device: 'cpu' });
    await expect(
      engine.setConstants({ w: constant('weights.safetensors', 50, 'F32') }),
    ).rejects.toMatchObject({
      failure: {
        code: 'compute.unreadable-weights',
        where: { file: path('weights.safetensors'), field: 'w' },
      },
    });
    const wrong = {
      ...constants('weights.safetensors').float,
      spec: { shape: [7], dtype: 'float32' },
    } as const;
    await expect(engine.setConstants({ w: wrong })).rejects.toMatchObject({
      failure: { code: 'compute.bad-constant' },
    });
  });

  it('decodes every binary16 number', () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const values = decodeFloats(new Uint8Array(all.buffer), 'F16');
    for (const [index, bits] of HALVES.entries()) expect(values[bits]).toBe(HALF_VALUES[index]);
    for (let bits = 1; bits < 0x7c00; bits += 1) expect(values[bits]!).toBeGreaterThan(values[bits - 1]!);
    expect(values[0x7e00]).toBeNaN();
    expect(values[0xfc00]).toBe(-Infinity);
  });
});

describe('where a device can’t widen 16-bit floats', () => {
  it('leaves that to ONNX Runtime, once, and asks only where there are some', async () => {
    let asked = 0;
    const canKeep = async (): Promise<boolean> => {
      asked += 1;
      return false;
    };
    const held = new OrtConstants({ place: 'files', keeps: ['float16'], keepsBlocks: false, canKeep });
    const { float, half } = constants('weights.safetensors');
    const placed = async (build: Program['build'], names: string[]) => {
      const recorded = recordProgram(
        { ...program, constants: names, build },
        { state: {}, constants: held.specs },
      );
      return held.place(recorded, { pack: false });
    };
    await held.set({ float, half });
    const plain = await placed(({ constants: { float: x } }) => ({ outputs: { y: tf.neg(x!) } }), ['float']);
    expect(asked).toBe(0);
    expect(plain.optimization).not.toEqual({});
    const widened = await placed(({ constants: { half: x } }) => ({ outputs: { y: tf.neg(x!) } }), ['half']);
    expect(asked).toBe(1);
    expect(widened.optimization).toEqual({});
    expect(widened.graph.sources[0]?.type).toBe('float32');
    expect(widened.baked.get('half')).toMatchObject({ kind: 'external', type: 'float16' });
  });
});
