import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { needing } from '#disk/testNeeds.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = [
  join(root, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6', 'linux', 'x64'),
  join(root, 'node_modules', '@tensorflow'),
];
const contents = (): string[][] =>
  folders.map((folder) => (existsSync(folder) ? readdirSync(folder).sort() : []));
const isComplete = (): boolean => contents().flat().includes('libonnxruntime_providers_cuda.so');

/** Before the script: no host answers. */
const OFFLINE = 'data:text/javascript,globalThis.fetch=()=>Promise.reject(new Error("offline"))';

const missing =
  process.platform !== 'linux' || process.arch !== 'x64'
    ? 'CUDA is fetched for Linux on x64 alone'
    : isComplete()
      ? 'the CUDA files are here already'
      : null;

describe('npm run gpu:cuda', () => {
  const title = 'says in a sentence what it could not fetch, and leaves everything as it was';
  it(title, needing(missing), async () => {
    const before = contents();
    const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
      const args = ['--import', OFFLINE, join(root, 'scripts', 'gpuCuda.mjs')];
      execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) =>
        resolve({ code: error ? 1 : 0, output: stdout + stderr }),
      );
    });
    expect(code).toBe(1);
    expect(output).toMatch(/CUDA files can't be fetched: \S+ can't be reached from here \(offline\)/);
    expect(output).toMatch(/tfjs-node-gpu can't be fetched/);
    expect(output).toContain('onnx-webgpu');
    expect(output).not.toMatch(/\n\s+at /);
    expect(contents()).toEqual(before);
  });
});
