/** CUDA, DirectML and Core ML of ONNX Runtime: whether this machine has them. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { absent } from './absent.ts';
import { adapterWords, graphicsCards, nvidiaCards } from './graphicsCards.ts';
import { findsLibrary } from './sharedLibrary.ts';
import { isBuiltIn, tryProvider } from './trial.ts';

/** What the package's install script fetches on request; without them CUDA is known by name only. */
const CUDA_FILES = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];
const CUDA_DRIVER = 'libcuda.so.1';
const OTHERWISE = 'onnx-webgpu runs on graphics cards of every make.';

/** Folder of ONNX Runtime's libraries for this machine. */
function librariesDir(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

const missingCudaFiles = (folder = librariesDir()): string[] =>
  CUDA_FILES.filter((name) => !existsSync(join(folder, name)));

export async function findCuda(): Promise<string> {
  if (!isBuiltIn('onnx-cuda')) {
    throw absent(
      `ONNX Runtime's npm package has CUDA for Linux on x64 alone; this is ${process.platform} on ${process.arch}.`,
      `Nothing can be done here: ${OTHERWISE}`,
    );
  }
  const cards = await nvidiaCards();
  if (cards.length === 0 && !findsLibrary(CUDA_DRIVER)) {
    throw absent(
      'this machine has no NVIDIA graphics card, or its driver is not installed.',
      `Install NVIDIA's driver, then run: npm run gpu:cuda. Without such a card, ${OTHERWISE}`,
    );
  }
  if (missingCudaFiles().length > 0) {
    throw absent(
      "ONNX Runtime's CUDA files are not installed.",
      'Run: npm run gpu:cuda. It also needs CUDA 12 and cuDNN 9 on the system.',
    );
  }
  await tryProvider('onnx-cuda', { installed: true });
  return adapterWords(cards, null);
}

export async function findDirectMl(): Promise<string> {
  if (!isBuiltIn('onnx-dml')) {
    throw absent('DirectML is a part of Windows.', `Nothing needs to be done here: ${OTHERWISE}`);
  }
  await tryProvider('onnx-dml');
  return `${adapterWords(await graphicsCards(), null)} (DirectML)`;
}

export async function findCoreMl(): Promise<string> {
  if (!isBuiltIn('onnx-coreml')) {
    throw absent('Core ML is a part of macOS.', `Nothing needs to be done here: ${OTHERWISE}`);
  }
  await tryProvider('onnx-coreml');
  return `${cpus()[0]?.model ?? 'Apple'} (Core ML)`;
}
