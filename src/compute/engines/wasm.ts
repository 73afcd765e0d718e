/** The tfjs wasm backend: found in the npm package, so that it works offline and from bundled builds. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { tf } from '../tf.ts';

export const WASM_BACKEND = 'wasm';
let ready: Promise<void> | null = null;

/** Registers and initialises the backend; throws where this machine can't run it. Idempotent. */
export function prepareWasm(): Promise<void> {
  ready ??= (async () => {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    // `main` of the package lies beside the binaries.
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(`${dirname(entry)}${sep}`);
    registerSegmentSum();
    const previous: string | undefined = tf.getBackend();
    const set = await tf.setBackend(WASM_BACKEND);
    if (previous !== undefined) void tf.setBackend(previous);
    if (!set) throw new Error('the wasm backend did not start');
  })();
  return ready;
}

interface Storage {
  readSync(dataId: object): ArrayLike<number>;
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object;
}

/** The wasm package has no UnsortedSegmentSum, which the gradient of gather needs. Rows with a negative id are dropped. */
function registerSegmentSum(): void {
  if (tf.getKernel('UnsortedSegmentSum', WASM_BACKEND) !== undefined) return;
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: WASM_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const storage = backend as Storage;
      const [x, segmentIds] = [inputs.x!, inputs.segmentIds!];
      const count = Number(attrs?.numSegments);
      const rest = x.shape.slice(segmentIds.shape.length);
      const width = rest.reduce((a, b) => a * b, 1);
      const values = storage.readSync(x.dataId);
      const ids = storage.readSync(segmentIds.dataId);
      const sums = x.dtype === 'int32' ? new Int32Array(count * width) : new Float32Array(count * width);
      for (let row = 0; row < ids.length; row += 1) {
        const id = ids[row]!;
        if (id < 0 || id >= count) continue;
        for (let column = 0; column < width; column += 1) {
          sums[id * width + column]! += values[row * width + column]!;
        }
      }
      const shape = [count, ...rest];
      return { dataId: storage.write(sums, shape, x.dtype), shape, dtype: x.dtype };
    },
  });
}
