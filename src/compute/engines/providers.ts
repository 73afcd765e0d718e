/** Each engine: whether this machine has it, why not, and how it is made. */
import { cpus } from 'node:os';
import { type Failure, toFailure } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import type { Engine } from '../program.ts';
import { prepareTfjs } from '../tf.ts';
import { NODE_GPU_BACKEND, prepareNodeGpu } from './nodeGpu.ts';
import { OrtEngine } from './ortEngine.ts';
import { TfjsEngine } from './tfjsEngine.ts';
import { prepareWasm, WASM_BACKEND } from './wasm.ts';
import { findWebgpuAdapter } from './webgpu.ts';

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

/** In the order in which they are preferred where nothing was measured. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: 'onnx-cpu',
    detect: async () => processor(),
    make: (device, options) => new OrtEngine({ ...options, name: 'onnx-cpu', device }),
    fix: 'Reinstall the package onnxruntime-node.',
  },
  {
    name: 'onnx-webgpu',
    detect: findWebgpuAdapter,
    make: (device, options) => new OrtEngine({ ...options, name: 'onnx-webgpu', device }),
    fix: 'Install a graphics driver with Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).',
  },
  {
    name: 'tfjs-node-gpu',
    detect: prepareNodeGpu,
    make: (device) => new TfjsEngine('tfjs-node-gpu', device, NODE_GPU_BACKEND),
    fix: 'On a machine with an NVIDIA GPU, CUDA 11.8 and cuDNN 8, run: npm install @tensorflow/tfjs-node-gpu.',
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
  | { readonly present: false; readonly failure: Failure };

const detected = new Map<EngineName, Promise<Presence>>();

/** Whether an engine is there; found out once per process. */
export function presence(provider: Provider): Promise<Presence> {
  let found = detected.get(provider.name);
  if (found === undefined) {
    found = provider.detect().then(
      (device): Presence => ({ present: true, device }),
      (error: unknown): Presence => {
        const failure = toFailure(error);
        return {
          present: false,
          failure: {
            code: 'compute.engine-absent',
            message: `The engine ${provider.name} is not available: ${failure.message}`,
            fix: failure.fix ?? provider.fix,
          },
        };
      },
    );
    detected.set(provider.name, found);
  }
  return found;
}
