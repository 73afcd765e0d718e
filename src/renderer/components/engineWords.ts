/** Engines by the names people know them by. */
import type { EngineName } from '#core/runConfig.ts';

const LABELS: Readonly<Record<EngineName, string>> = {
  'onnx-cpu': 'Compiled, processor',
  'onnx-webgpu': 'Compiled, graphics card (WebGPU)',
  'onnx-cuda': 'Compiled, NVIDIA (CUDA)',
  'onnx-dml': 'Compiled, Windows graphics (DirectML)',
  'onnx-coreml': 'Compiled, Apple (Core ML)',
  'tfjs-node-gpu': 'TensorFlow, NVIDIA (CUDA)',
  'tfjs-wasm': 'TensorFlow.js, WebAssembly',
  'tfjs-cpu': 'TensorFlow.js, plain processor',
};

export const engineLabel = (name: EngineName): string => LABELS[name];

const SENTENCES: Readonly<Record<EngineName, string>> = {
  'onnx-cpu': 'Runs the compiled step on the processor; part of Facet, works everywhere.',
  'onnx-webgpu':
    'Runs the compiled step on any graphics card through Vulkan, Metal or Direct3D; part of Facet.',
  'onnx-cuda': 'Runs the compiled step on an NVIDIA card; its files are downloaded once, by hand.',
  'onnx-dml': 'Runs the compiled step on any graphics card under Windows.',
  'onnx-coreml': 'Runs the compiled step on an Apple chip.',
  'tfjs-node-gpu': 'Computes each operation with TensorFlow on an NVIDIA card, without compiling.',
  'tfjs-wasm': 'Computes each operation in WebAssembly: slow, for comparison.',
  'tfjs-cpu': 'Computes each operation in plain JavaScript: very slow, for comparison.',
};

export const engineSentence = (name: EngineName): string => SENTENCES[name];
