/** Whether an execution provider of ONNX Runtime works here: one node, run on it and nowhere else. */

import { writeModel } from '../onnx/model.ts';
import { GraphBuilder } from '../record/builder.ts';
import { pruned } from '../record/prune.ts';
import { absent, broken } from './absent.ts';
import { ort } from './ort.ts';
import { ORT_TARGETS, type OrtName } from './ortTargets.ts';

/** Whether the ONNX Runtime that is installed was built with the engine's provider; its files may be missing still. */
export const isBuiltIn = (name: OrtName): boolean =>
  ort()
    .listSupportedBackends()
    .some((backend) => backend.name === ORT_TARGETS[name].provider);

/** What the provider says, as a person may read it. Anything else stays in the detail. */
function plainReason(text: string): string {
  const library = /([\w.+-]+\.(?:so|dll|dylib)[\w.]*):? cannot open shared object/.exec(text)?.[1];
  if (library !== undefined) return `the library ${library} is missing.`;
  if (/no supported adapters|failed to get a webgpu adapter|requestadapter/i.test(text)) {
    return 'no graphics adapter was found.';
  }
  if (/driver version is insufficient/i.test(text)) return 'the graphics driver is too old for it.';
  if (/no CUDA-capable device/i.test(text)) return 'no NVIDIA graphics card was found.';
  if (/out of memory/i.test(text)) return 'the graphics card has no memory left.';
  return 'it did not start.';
}

/**
 * Throws with the reason in plain words, the provider's own words as its cause: `compute.engine-broken` where a person
 * `installed` it on purpose, else `compute.engine-absent`.
 */
export async function tryProvider(name: OrtName, { installed = false } = {}): Promise<void> {
  const { execution, options } = ORT_TARGETS[name];
  const builder = new GraphBuilder();
  const x = builder.source({ kind: 'input', name: 'x' }, { shape: [4], type: 'float32' });
  const y = builder.emit('Add', [x, x], x);
  const model = writeModel(pruned(builder, 'trial', [{ name: 'y', value: y }], []));
  try {
    const session = await ort().InferenceSession.create(model, {
      ...options,
      executionProviders: [execution],
      logSeverityLevel: 4,
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
    try {
      const input = new (ort().Tensor)('float32', Float32Array.of(1, 2, 3, 4), [4]);
      const result = Object.values(await session.run({ [session.inputNames[0]!]: input }))[0];
      if (result?.data[3] !== 8) throw new Error(`4 + 4 came out as ${String(result?.data[3])}`);
    } finally {
      await session.release();
    }
  } catch (error) {
    const reason = plainReason(error instanceof Error ? error.message : String(error));
    throw (installed ? broken : absent)(reason, undefined, error);
  }
}
