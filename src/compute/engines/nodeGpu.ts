/** The optional native TensorFlow backend on CUDA (`@tensorflow/tfjs-node-gpu`). */
import { createRequire, Module } from 'node:module';
import util from 'node:util';
import { tf } from '../tf.ts';
import { absent, broken } from './absent.ts';

export const NODE_GPU_BACKEND = 'tensorflow';
const PACKAGE = '@tensorflow/tfjs-node-gpu';

/** Type tests that Node 23 removed from `util` and the package still calls. */
const REMOVED: Readonly<Record<string, (value: unknown) => boolean>> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNull: (value) => value === null,
  isUndefined: (value) => value === undefined,
  isArray: (value) => Array.isArray(value),
  isBoolean: (value) => typeof value === 'boolean',
  isNumber: (value) => typeof value === 'number',
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isFunction: (value) => typeof value === 'function',
  isObject: (value) => typeof value === 'object' && value !== null,
  isPrimitive: (value) => value === null || (typeof value !== 'object' && typeof value !== 'function'),
  isRegExp: util.types.isRegExp,
  isDate: util.types.isDate,
  isError: (value) => value instanceof Error || util.types.isNativeError(value),
};

/** Gives `util` back what it lost; returns the names that were missing. */
export function restoreUtil(target: object = util): string[] {
  const missing = Object.keys(REMOVED).filter((name) => Reflect.get(target, name) === undefined);
  for (const name of missing) Reflect.set(target, name, REMOVED[name]);
  if (target === util) Module.syncBuiltinESMExports();
  return missing;
}

/**
 * Loads and starts the backend; returns the device in words. Throws `compute.engine-absent` where it is not
 * installed, `compute.engine-broken` where it can't be loaded. `from` is the file whose packages are looked through.
 */
export async function prepareNodeGpu(from: string = import.meta.url): Promise<string> {
  const require = createRequire(from);
  try {
    require.resolve(PACKAGE);
  } catch (error) {
    throw absent(`the optional package ${PACKAGE} is not installed.`, undefined, error);
  }
  // Before the package is loaded: it takes them from `util` as it starts.
  restoreUtil();
  try {
    // Through require: the package shares the CommonJS tfjs-core that `tf` resolves to.
    require(PACKAGE);
    const previous: string | undefined = tf.getBackend();
    const set = await tf.setBackend(NODE_GPU_BACKEND);
    if (previous !== undefined) void tf.setBackend(previous);
    if (!set) throw new Error('the backend did not start');
  } catch (error) {
    throw broken(`the package ${PACKAGE} is installed but can't be loaded.`, undefined, error);
  }
  const backend: unknown = tf.findBackend(NODE_GPU_BACKEND);
  const onGpu =
    typeof backend === 'object' && backend !== null && Reflect.get(backend, 'isUsingGpuDevice') === true;
  return onGpu
    ? 'NVIDIA graphics card (CUDA, by TensorFlow)'
    : 'processor (TensorFlow found no graphics card)';
}
