/** Whether something failed for want of memory, by what engines, libraries and the JavaScript machine say. Pure. */
import { FacetError, type Failure } from './result.ts';

export const OUT_OF_MEMORY = 'compute.out-of-memory';

/** ONNX Runtime's arenas, the C++ library, CUDA, DirectML, Dawn, TensorFlow, V8, WebAssembly, and the system. */
const WORDS = [
  /out of (?:device |host )?memory/i,
  /failed to allocate memory/i,
  /available memory of \d+ is smaller than requested bytes/i,
  /\bbad[_ ]alloc(?:ation)?\b/i,
  /cudaErrorMemoryAllocation|CUDA_ERROR_OUT_OF_MEMORY|CUBLAS_STATUS_ALLOC_FAILED/,
  /\b(?:0x)?8007000E\b|E_OUTOFMEMORY|not enough memory/i,
  /\bOOM when allocating|resource ?exhausted/i,
  /array buffer allocation failed|could not allocate memory|cannot enlarge memory|maximum memory size exceeded/i,
  /VK_ERROR_OUT_OF_(?:DEVICE|HOST)_MEMORY|GPUOutOfMemoryError/,
  /cannot allocate memory|\bENOMEM\b|memory allocation failed/i,
];

export const saysOutOfMemory = (text: string): boolean => WORDS.some((words) => words.test(text));

/** By its own code or words, or those of what caused it. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof FacetError && error.failure.code === OUT_OF_MEMORY) return true;
  if (!(error instanceof Error)) return typeof error === 'string' && saysOutOfMemory(error);
  return saysOutOfMemory(error.message) || (error.cause !== undefined && isOutOfMemory(error.cause));
}

/** What a run without memory can go on with. */
export const shorterRows = (tokens: number): Required<Pick<Failure, 'fix' | 'suggestion'>> => ({
  fix: `Resume it with a token budget of ${tokens}: the same pairs in each step, computed in shorter rows.`,
  suggestion: {
    field: 'tokenBudget',
    value: tokens,
    label: `a token budget of ${tokens.toLocaleString('en-US')}`,
  },
});
