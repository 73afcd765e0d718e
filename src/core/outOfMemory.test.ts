import { expect, it } from 'vitest';
import { isOutOfMemory, OUT_OF_MEMORY } from './outOfMemory.ts';
import { FacetError } from './result.ts';

// As the libraries write them: ONNX Runtime 1.2x (arena, CUDA, DirectML), the C++ library, Dawn, TensorFlow 2, V8, Node, Emscripten.
it.each([
  "Non-zero status code returned while running MatMul node. Name:'n12' Status Message: bfc_arena.cc:376 onnxruntime::BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 8589934592",
  'bfc_arena.cc:347 Available memory of 1024 is smaller than requested bytes of 4096',
  'std::bad_alloc',
  'bad allocation',
  'CUDA failure 2: out of memory ; GPU=0 ; hostname=h ; expr=cudaMalloc((void**)&p, size);',
  'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
  'Exception(1) tid(2) 8007000E Not enough memory resources are available to complete this operation.',
  'Not enough memory left to create a buffer. Out of memory',
  'OOM when allocating tensor with shape[32,1024] and type float on /job:localhost/device:GPU:0',
  'Array buffer allocation failed',
  'WebAssembly.Memory.grow(): Maximum memory size exceeded',
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'spawn ENOMEM',
])('takes “%s” for a want of memory', (words) => {
  expect(isOutOfMemory(new Error(words))).toBe(true);
  expect(isOutOfMemory(new Error('The step failed.', { cause: new RangeError(words) }))).toBe(true);
});

it('goes by the code too, and takes nothing else for it', () => {
  expect(isOutOfMemory(new FacetError({ code: OUT_OF_MEMORY, message: 'No room.' }))).toBe(true);
  for (const words of ['indices element out of data bounds', 'Invalid array length', 'no memory of a key'])
    expect(isOutOfMemory(new Error(words))).toBe(false);
  expect(isOutOfMemory(null)).toBe(false);
});
