/** Whether ONNX Runtime's WebGPU provider finds an adapter here. */
import { absent } from './absent.ts';
import { adapterWords, graphicsCards, softwareAdapter } from './graphicsCards.ts';
import { findsLibrary } from './sharedLibrary.ts';
import { isBuiltIn, tryProvider } from './trial.ts';

const VULKAN_LOADER = 'libvulkan.so.1';

/** The adapter in words; throws the reason there is none. */
export async function findWebgpu(): Promise<string> {
  if (!isBuiltIn('onnx-webgpu')) {
    throw absent(
      `ONNX Runtime has no WebGPU for ${process.platform} on ${process.arch}.`,
      'Use onnx-cpu on this machine.',
    );
  }
  // Asking for the loader first keeps the provider's warning off the console.
  if (process.platform === 'linux' && !findsLibrary(VULKAN_LOADER)) {
    throw absent(
      `the Vulkan loader ${VULKAN_LOADER} is not installed.`,
      'On a machine with a graphics card, install its driver and the Vulkan loader (on Debian and Ubuntu: libvulkan1).',
    );
  }
  await tryProvider('onnx-webgpu');
  return adapterWords(await graphicsCards(), softwareAdapter());
}
