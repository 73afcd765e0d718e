/** Whether ONNX Runtime's WebGPU provider finds an adapter here. */
import * as ort from 'onnxruntime-node';
import { FacetError } from '#core/result.ts';
import { writeModel } from '../onnx/model.ts';
import { GraphBuilder } from '../record/builder.ts';
import { pruned } from '../record/prune.ts';

const VULKAN_LOADER = 'libvulkan.so.1';

/** On Linux the provider needs the Vulkan loader; asking for it first keeps the provider's warning off the console. */
function requireVulkanLoader(): void {
  if (process.platform !== 'linux') return;
  try {
    process.dlopen({ exports: {} }, VULKAN_LOADER);
  } catch (error) {
    // A library that is there fails as well: it is no Node add-on. Only a missing one says so.
    if (error instanceof Error && error.message.includes('cannot open shared object')) {
      throw new FacetError(
        {
          code: 'compute.engine-absent',
          message: `the Vulkan loader ${VULKAN_LOADER} is not installed.`,
          fix: 'Install your graphics driver and the Vulkan loader (on Debian and Ubuntu: libvulkan1).',
        },
        { cause: error },
      );
    }
  }
}

/** Runs a graph of one node on the provider; returns the device in words, throws the reason there is none. */
export async function findWebgpuAdapter(): Promise<string> {
  if (!ort.listSupportedBackends().some((backend) => backend.name === 'webgpu')) {
    throw new FacetError({
      code: 'compute.engine-absent',
      message: 'this build of ONNX Runtime has no WebGPU provider.',
    });
  }
  requireVulkanLoader();
  const builder = new GraphBuilder();
  const x = builder.source({ kind: 'input', name: 'x' }, { shape: [4], type: 'float32' });
  const y = builder.emit('Add', [x, x], x);
  const model = writeModel(pruned(builder, 'adapter-probe', [{ name: 'y', value: y }], []));
  try {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['webgpu'],
      logSeverityLevel: 4,
    });
    const input = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [4]);
    const result = Object.values(await session.run({ [session.inputNames[0]!]: input }))[0];
    await session.release();
    const sum = result?.data[3];
    if (sum !== 8) throw new Error(`4 + 4 came out as ${String(sum)}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new FacetError(
      { code: 'compute.engine-absent', message: `no usable graphics adapter was found (${reason}).` },
      { cause: error },
    );
  }
  return 'WebGPU adapter';
}
