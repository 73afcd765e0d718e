/** Whether a device has 16-bit floats: some graphics cards and every software adapter lack them. */
import type * as Ort from 'onnxruntime-node';
import { sourceName, valueName, writeModel } from '../onnx/model.ts';
import { GraphBuilder } from '../record/builder.ts';
import { cast } from '../record/elementwise.ts';
import { pruned } from '../record/prune.ts';
import { ort } from './ort.ts';

type Execution = Ort.InferenceSession.ExecutionProviderConfig;

const answers = new Map<string, Promise<boolean>>();

/** Widens one number on the device; found out once per process. */
export function hasHalfFloats(execution: Execution): Promise<boolean> {
  const key = JSON.stringify(execution);
  const answer = answers.get(key) ?? widensOne(execution);
  answers.set(key, answer);
  return answer;
}

async function widensOne(execution: Execution): Promise<boolean> {
  const builder = new GraphBuilder();
  const x = builder.source({ kind: 'input', name: 'x' }, { shape: [2], type: 'float16' });
  const graph = pruned(builder, 'half', [{ name: 'y', value: cast(builder, x, 'float32') }], []);
  try {
    // What fails is the answer: nothing of it belongs on the console.
    const session = await ort().InferenceSession.create(writeModel(graph), {
      executionProviders: [execution],
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    });
    const half = new (ort().Tensor)('float16', Uint16Array.of(0x3c00, 0xc000), [2]);
    const results = await session.run({ [sourceName('input', 'x')]: half }, { logSeverityLevel: 4 });
    const widened = results[valueName(graph.outputs[0]!.value)]?.data;
    await session.release();
    return widened?.[0] === 1 && widened[1] === -2;
  } catch {
    return false;
  }
}
