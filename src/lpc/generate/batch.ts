/** Rows that are decoded together, each with its prompt in its cache. */
import type { CompiledProgram } from '#compute/program.ts';
import type { Generator, PromptCache } from './generator.ts';
import { type CacheShape, cacheSpecs, keyName, valueName } from './programs.ts';

/** Rows of a program: a few sizes, so that few are compiled. */
const ROW_STEPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
export const MOST_ROWS = 32;
const SMALLEST_CAPACITY = 64;
/** Room for this many tokens of reply at first; it doubles as replies grow. */
const FIRST_ROOM = 192;

export interface BatchRow {
  readonly prompt: Int32Array;
  readonly cache: PromptCache;
  /** (d); null for the plain policy. */
  readonly z: Float32Array | null;
}

/** 64, 128, 256, …: the first that holds `tokens`. */
function cacheCapacity(tokens: number): number {
  let capacity = SMALLEST_CAPACITY;
  while (capacity < tokens) capacity *= 2;
  return capacity;
}

/** Copies (heads, from, size) into one row of (N, heads, to, size). */
function place(
  target: Float32Array,
  source: Float32Array,
  row: number,
  count: number,
  sizes: { readonly heads: number; readonly size: number; readonly from: number; readonly to: number },
): void {
  const { heads, size, from, to } = sizes;
  for (let head = 0; head < heads; head++) {
    const begin = head * from * size;
    target.set(source.subarray(begin, begin + count * size), (row * heads + head) * to * size);
  }
}

export interface Stepped {
  /** (N, V) of all rows. */
  readonly logits: Float32Array;
  /** (N) log softmax(logits) at token 0. */
  readonly firstLogp: Float32Array;
  /** To go on with: another one where the rows needed more room. */
  readonly batch: Batch;
}

export class Batch {
  readonly #generator: Generator;
  readonly #shape: CacheShape;
  readonly #program: CompiledProgram;
  readonly #lengths: Int32Array<ArrayBuffer>;
  readonly #tokens: Int32Array<ArrayBuffer>;
  readonly #z: Float32Array<ArrayBuffer>;

  private constructor(
    generator: Generator,
    shape: CacheShape,
    program: CompiledProgram,
    lengths: Int32Array<ArrayBuffer>,
    z: Float32Array<ArrayBuffer>,
  ) {
    this.#generator = generator;
    this.#shape = shape;
    this.#program = program;
    this.#lengths = lengths;
    this.#tokens = new Int32Array(shape.rows);
    this.#z = z;
  }

  /** Puts the prompts but for their last tokens in the caches: the first step reads those. */
  static async open(generator: Generator, rows: readonly BatchRow[], mostTokens: number): Promise<Batch> {
    const { hiddenSize } = generator.model.config;
    const count = ROW_STEPS.find((step) => step >= rows.length) ?? rows.length;
    const longest = rows.reduce((most, { prompt }) => Math.max(most, prompt.length), 0);
    const shape = { rows: count, capacity: cacheCapacity(longest + Math.min(mostTokens, FIRST_ROOM)) };
    const lengths = new Int32Array(count);
    const z = new Float32Array(count * hiddenSize);
    for (const [row, { prompt, z: own }] of rows.entries()) {
      lengths[row] = prompt.length - 1;
      if (own) z.set(own, row * hiddenSize);
    }
    await fill(generator, shape, (layer, kind, target) => {
      for (const [row, { cache, prompt }] of rows.entries()) {
        const sizes = { ...sizesOf(generator), from: cache.stride, to: shape.capacity };
        place(target, cache[kind][layer] as Float32Array, row, prompt.length - 1, sizes);
      }
    });
    return new Batch(generator, shape, await generator.decoder(shape), lengths, z);
  }

  /** The token at which each row is read next; of a row that is not to go on it stays where it is. */
  setToken(row: number, token: number): void {
    this.#tokens[row] = token;
  }

  /** Reads one token of each row that `goesOn`. */
  async step(goesOn: (row: number) => boolean): Promise<Stepped> {
    const full = this.#lengths.some((length, row) => goesOn(row) && length >= this.#shape.capacity);
    if (full) return (await this.#grown()).step(goesOn);
    const { logits, firstLogp } = await this.#program.run({
      tokens: this.#tokens,
      lengths: this.#lengths,
      ...(this.#generator.run?.latent && { z: this.#z }),
    });
    for (let row = 0; row < this.#shape.rows; row++)
      if (goesOn(row)) this.#lengths[row] = (this.#lengths[row] as number) + 1;
    return { logits: logits as Float32Array, firstLogp: firstLogp as Float32Array, batch: this };
  }

  /** The same rows with twice the room. */
  async #grown(): Promise<Batch> {
    const [generator, shape] = [this.#generator, this.#shape];
    const wider = { ...shape, capacity: 2 * shape.capacity };
    const before = await generator.engine.getState(Object.keys(cacheSpecs(generator.model.config, shape)));
    const sizes = { ...sizesOf(generator), from: shape.capacity, to: wider.capacity };
    const rowSize = sizes.heads * shape.capacity * sizes.size;
    await fill(generator, wider, (layer, kind, target) => {
      const name = kind === 'keys' ? keyName(layer, shape) : valueName(layer, shape);
      const source = before[name] as Float32Array;
      for (let row = 0; row < shape.rows; row++)
        place(target, source.subarray(row * rowSize, (row + 1) * rowSize), row, shape.capacity, sizes);
    });
    const program = await generator.decoder(wider);
    const batch = new Batch(generator, wider, program, this.#lengths, this.#z);
    batch.#tokens.set(this.#tokens);
    return batch;
  }
}

const sizesOf = ({ model }: Generator) => ({
  heads: model.config.keyValueHeads,
  size: model.config.headSize,
});

/** Makes the caches of a shape anew, empty but for what `put` writes. */
async function fill(
  { model, engine }: Generator,
  shape: CacheShape,
  put: (layer: number, kind: 'keys' | 'values', target: Float32Array) => void,
): Promise<void> {
  const specs = cacheSpecs(model.config, shape);
  for (let layer = 0; layer < model.config.layers; layer++) {
    for (const kind of ['keys', 'values'] as const) {
      const name = kind === 'keys' ? keyName(layer, shape) : valueName(layer, shape);
      const spec = specs[name]!;
      const data = new Float32Array(spec.shape.reduce((a, b) => a * b, 1));
      put(layer, kind, data);
      await engine.setState({ [name]: { spec, data } });
    }
  }
}
