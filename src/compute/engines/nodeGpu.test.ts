import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tf } from '../index.ts';
import { engineChooser } from './create.ts';
import { NODE_GPU_BACKEND, prepareNodeGpu } from './nodeGpu.ts';
import { measure } from './probe.ts';
import type { Provider } from './providers.ts';
import { TfjsEngine } from './tfjsEngine.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-node-gpu-'));
afterAll(() => rm(root, { recursive: true, force: true }));

/**
 * A folder with a stand-in for the package: it takes the type tests from `util` as it is loaded, as the real one does,
 * and registers its backend and kernels with the tfjs that the project has, here those of plain JavaScript.
 */
async function folderWith(code: string): Promise<string> {
  const dir = await mkdtemp(join(root, 'app-'));
  const packageDir = join(dir, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  await mkdir(packageDir, { recursive: true });
  await writeFile(join(packageDir, 'package.json'), '{"name":"@tensorflow/tfjs-node-gpu","main":"index.js"}');
  await writeFile(join(packageDir, 'index.js'), code);
  return join(dir, 'index.js');
}
const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json'));
const STAND_IN = `
  const { isNullOrUndefined } = require('util');
  if (!isNullOrUndefined(null)) throw new Error('util lacks its type tests');
  const tf = require(${JSON.stringify(tfjs)});
  const { MathBackendCPU } = require(require.resolve('@tensorflow/tfjs-backend-cpu', { paths: [${JSON.stringify(tfjs)}] }));
  tf.registerBackend('${NODE_GPU_BACKEND}', () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: true, firstUse: false }), 3);
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: '${NODE_GPU_BACKEND}' });
`;

describe('tfjs-node-gpu', () => {
  it('is absent where it is not installed, and broken where it can not be loaded', async () => {
    const empty = join(root, 'index.js');
    await expect(prepareNodeGpu(empty)).rejects.toMatchObject({ failure: { code: 'compute.engine-absent' } });
    const corrupt = await folderWith(
      `throw new Error('libtensorflow.so.2: cannot open shared object file');`,
    );
    await expect(prepareNodeGpu(corrupt)).rejects.toMatchObject({
      failure: { code: 'compute.engine-broken', message: expect.not.stringContaining('libtensorflow') },
      cause: { message: expect.stringContaining('libtensorflow.so.2') },
    });
  });

  it('is started with what util lost, selected when it is there, and gives the numbers of the others', async () => {
    const from = await folderWith(STAND_IN);
    await tf.setBackend('cpu');
    const provider: Provider = {
      name: 'tfjs-node-gpu',
      detect: () => prepareNodeGpu(from),
      make: (device) => new TfjsEngine('tfjs-node-gpu', device, NODE_GPU_BACKEND),
      fix: 'Install it.',
    };
    const { createEngine } = engineChooser([provider]);
    const made = await createEngine('auto');
    if (!made.ok) throw new Error(made.failure.message);
    const { engine, fallback } = made.value;
    expect([engine.name, engine.device, fallback]).toEqual([
      'tfjs-node-gpu',
      'NVIDIA graphics card (CUDA, by TensorFlow)',
      null,
    ]);
    // Throws where a loss is not that of the float64 reference.
    await measure(engine);
    await engine.dispose();
    expect(tf.getBackend()).toBe('cpu');
  });
});
