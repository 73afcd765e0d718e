/** What ONNX Runtime's execution providers differ in. */
import type * as ort from 'onnxruntime-node';
import type { EngineName } from '#core/runConfig.ts';
import { CPU_TARGET, type Target, WEBGPU_TARGET } from '../record/builder.ts';
import { hasHalfFloats } from './halfProbe.ts';
import type { ConstantPolicy } from './ortConstants.ts';

export type OrtName = Extract<EngineName, `onnx-${string}`>;
type OrtProvider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

export interface OrtTarget {
  readonly provider: OrtProvider;
  /** As `executionProviders` takes it. */
  readonly execution: ort.InferenceSession.ExecutionProviderConfig;
  /** Which nodes it has. */
  readonly nodes: Target;
  /**
   * `device`: state stays there between runs. onnxruntime-node 1.30 knows device tensors of WebGPU alone
   * (`gpu-buffer`): with the others state lives in host memory and what a program reads and writes of it crosses the
   * bus on each run. Heads and adapters are small; for full fine-tuning WebGPU is the better choice.
   */
  readonly stateOn: 'host' | 'device';
  /** Where frozen weights are, and which 16-bit ones the provider can widen as it runs. */
  readonly constants: ConstantPolicy;
  readonly options: ort.InferenceSession.SessionOptions;
}

/** A program in Core ML's newer form, which keeps 32-bit floats, on processor and GPU, with fixed shapes. */
const CORE_ML_FLAGS = 0x10 | 0x20 | 0x08;

/**
 * Planned memory is off where the arena is the processor's: planning takes the arrays of the first run one by one, and
 * one block for all of them from the second run on, and frees neither. Without it a step holds half and takes as long.
 */
const HOST_OPTIONS = { enableMemPattern: false } as const;

export const ORT_TARGETS: Readonly<Record<OrtName, OrtTarget>> = {
  'onnx-cpu': {
    provider: 'cpu',
    execution: 'cpu',
    nodes: CPU_TARGET,
    stateOn: 'host',
    constants: { place: 'files', keeps: ['float16', 'bfloat16'], keepsBlocks: true },
    options: HOST_OPTIONS,
  },
  'onnx-webgpu': {
    provider: 'webgpu',
    execution: 'webgpu',
    nodes: WEBGPU_TARGET,
    stateOn: 'device',
    constants: {
      place: 'model',
      keeps: ['float16'],
      keepsBlocks: false,
      canKeep: () => hasHalfFloats('webgpu'),
    },
    options: {},
  },
  'onnx-cuda': {
    provider: 'cuda',
    execution: 'cuda',
    nodes: { ...WEBGPU_TARGET, fusedMatMul: true, or: true, appendsState: true },
    stateOn: 'host',
    constants: { place: 'model', keeps: ['float16', 'bfloat16'], keepsBlocks: false },
    options: {},
  },
  'onnx-dml': {
    provider: 'dml',
    execution: 'dml',
    nodes: { ...WEBGPU_TARGET, fusedMatMul: true, or: true, appendsState: true },
    stateOn: 'host',
    constants: {
      place: 'model',
      keeps: ['float16'],
      keepsBlocks: false,
      canKeep: () => hasHalfFloats('dml'),
    },
    // DirectML supports neither planned memory nor parallel execution.
    options: { enableMemPattern: false, executionMode: 'sequential' },
  },
  'onnx-coreml': {
    provider: 'coreml',
    execution: { name: 'coreml', coreMlFlags: CORE_ML_FLAGS },
    nodes: { ...WEBGPU_TARGET, or: true, appendsState: true },
    stateOn: 'host',
    constants: { place: 'model', keeps: [], keepsBlocks: false },
    options: HOST_OPTIONS,
  },
};
