/** Each engine: whether this machine has it, why not, and how it is made. */
import { cpus } from 'node:os';
import { FacetError, type Failure, toFailure } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import type { Engine } from '../program.ts';
import { prepareTfjs } from '../tf.ts';
import { BROKEN, detailOf } from './absent.ts';
import { findCoreMl, findCuda, findDirectMl } from './accelerators.ts';
import { NODE_GPU_BACKEND, prepareNodeGpu } from './nodeGpu.ts';
import { ort } from './ort.ts';
import { OrtEngine } from './ortEngine.ts';
import type { OrtName } from './ortTargets.ts';
import { TfjsEngine } from './tfjsEngine.ts';
import { prepareWasm, WASM_BACKEND } from './wasm.ts';
import { findWebgpu } from './webgpu.ts';

export interface EngineOptions {
  /** Threads inside one operation; all cores by default. ONNX Runtime on cpu only. */
  readonly threads?: number;
  /** Prefix of ONNX Runtime's profile files. */
  readonly profilePrefix?: string;
}

export interface Provider {
  readonly name: EngineName;
  /** The device in words; throws the reason where the engine can't be had. */
  detect(): Promise<string>;
  make(device: string, options: EngineOptions): Engine;
  /** What to do where it can't be had. */
  readonly fix: string;
}

const processor = (): string => {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'processor'} × ${all.length}`;
};

const onnx = (name: OrtName, detect: () => Promise<string>, fix: string): Provider => ({
  name,
  detect,
  fix,
  make: (device, options) => new OrtEngine({ ...options, name, device }),
});

/** In the order in which they are preferred where nothing was measured. */
export const PROVIDERS: readonly Provider[] = [
  onnx(
    'onnx-cpu',
    async () => {
      ort();
      return processor();
    },
    'Reinstall the package onnxruntime-node.',
  ),
  onnx(
    'onnx-webgpu',
    findWebgpu,
    'Install or update the graphics driver, with Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).',
  ),
  onnx(
    'onnx-cuda',
    findCuda,
    'Install CUDA 12 and cuDNN 9, update the NVIDIA driver, and run: npm run gpu:cuda.',
  ),
  onnx('onnx-dml', findDirectMl, 'Update Windows and the graphics driver.'),
  onnx('onnx-coreml', findCoreMl, 'Update macOS.'),
  {
    name: 'tfjs-node-gpu',
    detect: prepareNodeGpu,
    make: (device) => new TfjsEngine('tfjs-node-gpu', device, NODE_GPU_BACKEND),
    fix: 'On a machine with an NVIDIA graphics card, CUDA 11.8 and cuDNN 8, run: npm run gpu:cuda.',
  },
  {
    name: 'tfjs-wasm',
    detect: async () => {
      await prepareWasm();
      return `${processor()} (WebAssembly)`;
    },
    make: (device) => new TfjsEngine('tfjs-wasm', device, WASM_BACKEND),
    fix: 'Reinstall the package @tensorflow/tfjs-backend-wasm.',
  },
  {
    name: 'tfjs-cpu',
    detect: async () => {
      prepareTfjs();
      return `${processor()} (plain JavaScript)`;
    },
    make: (device) => new TfjsEngine('tfjs-cpu', device, 'cpu'),
    fix: 'Reinstall the package @tensorflow/tfjs.',
  },
];

export type Presence =
  | { readonly present: true; readonly device: string }
  | {
      readonly present: false;
      readonly failure: Failure;
      /** The end of a sentence that begins with the engine's name. */
      readonly reason: string;
      /** It is installed, so somebody meant it to be used. */
      readonly broken: boolean;
      /** Words of the library that failed; not for a person's first look. */
      readonly detail: string | null;
    };

const detected = new WeakMap<Provider, Promise<Presence>>();

async function find(provider: Provider): Promise<Presence> {
  try {
    return { present: true, device: await provider.detect() };
  } catch (error) {
    const isPlain = error instanceof FacetError;
    const { code, message, fix } = toFailure(error);
    const reason = isPlain ? message : 'it did not start.';
    return {
      present: false,
      reason,
      failure: {
        code: 'compute.engine-absent',
        message: `The engine ${provider.name} is not available: ${reason}`,
        fix: fix ?? provider.fix,
      },
      broken: code === BROKEN,
      detail: isPlain ? detailOf(error) : message,
    };
  }
}

/** Whether an engine is there; found out once per process. */
export function presence(provider: Provider): Promise<Presence> {
  const found = detected.get(provider) ?? find(provider);
  detected.set(provider, found);
  return found;
}
