/**
 * The one import of TensorFlow.js. `@tensorflow/tfjs` (not tfjs-core alone) registers the gradients.
 * `export * as` resolves the CommonJS build in plain Node and in tests, and the ES build when bundled.
 */
import * as tfModule from '@tensorflow/tfjs';

export * as tf from '@tensorflow/tfjs';

let prepared = false;

/** Makes the plain JavaScript backend ready and drops its one advertising line; warnings stay on. Idempotent. */
export function prepareTfjs(): void {
  if (prepared) return;
  prepared = true;
  const cpu = tfModule.findBackend('cpu');
  if (cpu !== null && typeof cpu === 'object') Reflect.set(cpu, 'firstUse', false);
}
