/** How much memory and time it takes to open a 1 GB checkpoint for heads-only training, up to the first step. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoadFigures } from './loadCase.ts';
import { type LoadDtype, writeLoadModel } from './loadModel.ts';

export interface LoadBench {
  /** Peak resident memory over the size of the weight files: the worse of the two types. */
  readonly peakOverFile: number;
  /** From the start of the process to the end of the first step: the slower of the two. */
  readonly seconds: number;
  readonly measured: Readonly<
    Record<LoadDtype, LoadFigures & { readonly fileBytes: number; readonly peakOverFile: number }>
  >;
}

const caseFile = fileURLToPath(new URL('./loadCase.ts', import.meta.url));

async function measure(dir: string, dtype: LoadDtype, onProgress: (text: string) => void) {
  const modelDir = join(dir, dtype);
  try {
    const fileBytes = await writeLoadModel(modelDir, dtype);
    onProgress(`${dtype}: wrote ${(fileBytes / 1e9).toFixed(2)} GB`);
    const { stdout } = await promisify(execFile)(process.execPath, [caseFile, modelDir]);
    const figures = JSON.parse(stdout) as LoadFigures;
    const peakOverFile = figures.peakBytes / fileBytes;
    onProgress(`${dtype}: peak ${peakOverFile.toFixed(2)} × the file, ${figures.seconds.toFixed(0)} s`);
    return { ...figures, fileBytes, peakOverFile };
  } finally {
    await rm(modelDir, { recursive: true, force: true });
  }
}

/** Each type is written, opened in a process of its own and removed. Needs 1 GB of disk for the while. */
export async function benchLoad(onProgress: (text: string) => void): Promise<LoadBench> {
  const dir = await mkdtemp(join(tmpdir(), 'facet-bench-load-'));
  try {
    const BF16 = await measure(dir, 'BF16', onProgress);
    const F32 = await measure(dir, 'F32', onProgress);
    return {
      peakOverFile: Math.max(BF16.peakOverFile, F32.peakOverFile),
      seconds: Math.max(BF16.seconds, F32.seconds),
      measured: { BF16, F32 },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
