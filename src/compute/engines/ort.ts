import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-node';
import { absent } from './absent.ts';

let loaded: typeof Ort | null = null;

/**
 * ONNX Runtime, loaded when it is first asked for: it has no build for every system that Facet runs on, an Intel Mac say, where
 * merely importing it would end the process. Throws an `absent` that names another engine.
 */
export function ort(): typeof Ort {
  try {
    loaded ??= createRequire(import.meta.url)('onnxruntime-node') as typeof Ort;
    return loaded;
  } catch (error) {
    throw absent(
      `ONNX Runtime has no build for ${process.platform} on ${process.arch} that loads here.`,
      'Choose the engine tfjs-wasm, which every system has.',
      error instanceof Error ? error.message : String(error),
    );
  }
}
