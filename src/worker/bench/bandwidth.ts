/** How fast this machine's memory is read, by the runtime's own products of one row with a large matrix. */
import { createEngine } from '#compute/index.ts';
import { tf } from '#compute/tf.ts';
import { unwrap } from '#core/result.ts';

export interface Reader {
  readonly name: string;
  readonly threads: number;
  /** More bytes than the caches hold. */
  readonly fromMemory: boolean;
  /** Reads all of the bytes as often as it takes to have read `atLeast`. */
  bytesPerSecond(atLeast: number): Promise<number>;
  dispose(): Promise<void>;
}

/** Width of a matrix, and most rows of one: products of a shape at which the runtime reads fast. */
const WIDTH = 1024;
const MOST_ROWS = 4096;

/** `bytes` as packed matrices. */
export async function openReader(
  name: string,
  bytes: number,
  threads: number,
  fromMemory = false,
): Promise<Reader> {
  const { engine } = unwrap(await createEngine('onnx-cpu', { threads }));
  const allRows = Math.ceil(bytes / 4 / WIDTH);
  const sizes: number[] = [];
  for (let rows = allRows; rows > 0; rows -= MOST_ROWS) sizes.push(Math.min(rows, MOST_ROWS));
  const spec = (rows: number) => ({ shape: [rows, WIDTH], dtype: 'float32' }) as const;
  await engine.setConstants(
    Object.fromEntries(
      sizes.map((rows, index) => [
        `w${index}`,
        { spec: spec(rows), source: { kind: 'data', data: new Float32Array(rows * WIDTH).fill(0.5) } },
      ]),
    ),
  );
  const compiled = await engine.compile({
    name: 'read',
    inputs: { x: { shape: [1, WIDTH], dtype: 'float32' } },
    state: [],
    constants: sizes.map((_, index) => `w${index}`),
    packConstants: true,
    build: ({ inputs, constants }) => ({
      outputs: Object.fromEntries(
        sizes.map((_, index) => [
          `y${index}`,
          tf.matMul(inputs.x as never, constants[`w${index}`] as never, false, true),
        ]),
      ),
    }),
  });
  const x = new Float32Array(WIDTH).fill(1);
  return {
    name,
    threads,
    fromMemory,
    async bytesPerSecond(atLeast) {
      const passBytes = allRows * WIDTH * 4;
      const passes = Math.ceil(atLeast / passBytes);
      const startedMs = performance.now();
      for (let pass = 0; pass < passes; pass++) await compiled.run({ x });
      return (1000 * passes * passBytes) / (performance.now() - startedMs);
    },
    async dispose() {
      await engine.dispose();
    },
  };
}
