import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../index.ts';
import { adapterWords, softwareAdapter } from './graphicsCards.ts';
import { repositoryRoot, softwareAdapterEnvironment } from './testSoftwareAdapter.ts';

/** Drivers are found at a process's start, so the engine runs in one of its own. `measure` throws on a wrong loss. */
const PROGRAM = `
  const { createEngine } = await import('#compute/index.ts');
  const { measure } = await import('#compute/engines/probe.ts');
  const made = await createEngine('onnx-webgpu');
  if (!made.ok) throw new Error(made.failure.message);
  await measure(made.value.engine);
  const device = made.value.engine.device;
  await made.value.engine.dispose();
  console.log(JSON.stringify({ device }));
`;

describe('onnx-webgpu', () => {
  it('trains with the losses of the float64 reference, on a card or a software adapter', async ({ skip }) => {
    const found = await createEngine('onnx-webgpu');
    if (found.ok) await found.value.engine.dispose();
    const software = found.ok ? null : softwareAdapterEnvironment();
    if (!found.ok && software === null) return skip('no adapter, and no SwiftShader in the Electron runtime');
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      cwd: repositoryRoot,
      env: { ...process.env, ...software },
    });
    const { device } = JSON.parse(stdout) as { device: string };
    expect(device).not.toBe('');
    if (software) expect(device).toBe('SwiftShader, a software adapter');
  });

  it('claims no more of its adapter than is known', () => {
    expect(adapterWords(['NVIDIA H100'], null)).toBe('NVIDIA H100');
    expect(adapterWords(['NVIDIA H100', 'Intel graphics'], null)).toBe('one of NVIDIA H100, Intel graphics');
    expect(adapterWords(['NVIDIA H100'], 'SwiftShader')).toBe('SwiftShader');
    expect(adapterWords([], null)).toContain('perhaps in software');
    expect(softwareAdapter({ VK_ICD_FILENAMES: '/x/lvp_icd.x86_64.json' })).toContain('llvmpipe');
    expect(softwareAdapter({ VK_ICD_FILENAMES: '/usr/share/vulkan/icd.d/nvidia_icd.json' })).toBeNull();
  });
});
