import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniforms } from '#core/random.ts';
import { type Constant, constantBytes, type Engine, type Program, tf } from '../index.ts';
import { decodeStored } from '../stored/decode.ts';
import { BLOCK_FORMATS, type BlockFormat } from '../stored/formats.ts';
import { OrtEngine } from './ortEngine.ts';

/** The blocks of tests/golden/gguf/blocks.json four times over, as a weight of 8 rows. */
const ROWS = 8;
const COLUMNS = 256;
const HEADS = 2;
const golden = JSON.parse(
  readFileSync(new URL('../../../tests/golden/gguf/blocks.json', import.meta.url), 'utf8'),
) as Record<BlockFormat, { readonly bytes: string }>;
const formats = Object.keys(BLOCK_FORMATS) as BlockFormat[];

let folder = '';
const engines: Engine[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-packed-'));
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.dispose()));
  await rm(folder, { recursive: true, force: true });
});

const newEngine = (): Engine => {
  const engine = new OrtEngine({ name: 'onnx-cpu', device: 'cpu' });
  engines.push(engine);
  return engine;
};

/** Every way in which a weight is used: rows of it, x·Wᵀ, its gradient dy·W, and a move that is neither. */
const program = (packConstants: boolean): Program => ({
  name: `uses-${packConstants}`,
  inputs: {
    x: { shape: [3, COLUMNS], dtype: 'float32' },
    ids: { shape: [3], dtype: 'int32' },
  },
  state: [],
  constants: ['w'],
  packConstants,
  build({ inputs, constants }) {
    const w = constants.w as tf.Tensor2D;
    const product = (x: tf.Tensor): tf.Tensor => tf.matMul(x as tf.Tensor2D, w, false, true);
    const slope = tf.grad((x) => tf.sum(tf.square(product(x))))(inputs.x!);
    const rows = tf.gather(w, inputs.ids as tf.Tensor1D);
    return {
      outputs: { product: product(inputs.x!), slope, rows, sliced: tf.slice(w, [5, 0], [2, COLUMNS]) },
    };
  },
});

const inputs = {
  x: uniforms({ seed: 1, stream: 'lora', counter: 0 }, 3 * COLUMNS, -1, 1),
  ids: Int32Array.of(7, 0, 7),
};

describe('weights of 4 and 8 bits', () => {
  it.each(formats)('%s gives what its values in float32 give, laid out anew or not', async (dtype) => {
    const once = Buffer.from(golden[dtype].bytes, 'hex');
    const bytes = Buffer.concat([once, once, once, once]);
    const path = join(folder, dtype);
    await writeFile(path, bytes);
    const spec = { shape: [ROWS, COLUMNS], dtype: 'float32' } as const;
    const stored = { dtype, interleavedHeads: HEADS };
    const packed: Constant = {
      spec,
      source: { kind: 'file', path, offset: 0, bytes: bytes.byteLength, ...stored },
    };
    const values: Constant = {
      spec,
      source: { kind: 'data', data: decodeStored(new Uint8Array(bytes), stored, ROWS) },
    };
    expect(constantBytes('onnx-cpu', { packed })).toBeLessThan(0.35 * constantBytes('onnx-cpu', { values }));
    const [engine, plain] = [newEngine(), newEngine()];
    await engine.setConstants({ w: packed });
    await plain.setConstants({ w: values });
    const expected = await (await plain.compile(program(false))).run(inputs);
    for (const pack of [false, true]) {
      const got = await (await engine.compile(program(pack))).run(inputs);
      for (const [name, values] of Object.entries(expected)) {
        const numbers = Array.from(values);
        const largest = Math.max(...numbers.map(Math.abs));
        const furthest = Math.max(
          ...numbers.map((value, index) => Math.abs(value - (got[name]?.[index] ?? Number.NaN))),
        );
        expect([name, pack, furthest / largest < 1e-5]).toEqual([name, pack, true]);
      }
    }
  });
});
