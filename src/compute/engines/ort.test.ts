/** On a system for which ONNX Runtime has no build, an Intel Mac say, the compute process starts and another engine computes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const program = `
  Object.defineProperty(process, 'arch', { value: 'mips' });
  const { createEngine, listEngines } = await import(${JSON.stringify(join(import.meta.dirname, 'create.ts'))});
  const made = await createEngine('auto');
  const asked = await createEngine('onnx-cpu');
  const { engines } = await listEngines({ probe: false });
  console.log(JSON.stringify({
    made: made.ok && made.value.engine.name,
    asked,
    absent: engines.filter(({ name, available }) => name.startsWith('onnx') && !available).length,
  }));
  process.exit();`;

it('computes on WebAssembly, and says why ONNX Runtime is not there', () => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const found = JSON.parse(stdout.trim().split('\n').at(-1) || JSON.stringify(stderr)) as unknown;
  expect(found).toMatchObject({
    made: 'tfjs-wasm',
    asked: {
      ok: false,
      failure: { code: 'compute.engine-absent', message: expect.stringContaining('mips') },
    },
    absent: 5,
  });
});
