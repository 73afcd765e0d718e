/** WebGPU against the processor, on a graphics card where there is one and on a software adapter where there is none. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine } from '#compute/index.ts';
import type { ParityFigures } from './parityCase.ts';
import { softwareWebgpu } from './softwareWebgpu.ts';

const CASE = fileURLToPath(new URL('./parityCase.ts', import.meta.url));

/** Figures by trainable set, or the reason that there are none. In a process of its own: drivers are found at its start. */
export async function webgpuParity(): Promise<ParityFigures | string> {
  const found = await createEngine('onnx-webgpu');
  if (found.ok) await found.value.engine.dispose();
  const software = found.ok ? {} : softwareWebgpu();
  if (software === null) {
    return `no graphics adapter was found, nor SwiftShader in Electron's runtime or in /usr/lib/chromium (run: node scripts/setup.mjs)`;
  }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [CASE], {
      env: { ...process.env, ...software },
    });
    return JSON.parse(stdout) as ParityFigures;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
