import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import type { Engine } from '../program.ts';
import { absent, broken } from './absent.ts';
import { engineChooser } from './create.ts';
import { OrtEngine } from './ortEngine.ts';
import type { Provider } from './providers.ts';

const cpu = (device: string): OrtEngine => new OrtEngine({ name: 'onnx-cpu', device });
const working: Provider = {
  name: 'onnx-cpu',
  detect: async () => 'a processor',
  make: cpu,
  fix: 'Reinstall.',
};
const provider = (name: Provider['name'], changed: Partial<Provider>): Provider => ({
  ...working,
  name,
  fix: `Repair ${name}.`,
  ...changed,
});

/** An engine whose programs do something else than they should. */
function bad(change: Pick<Engine, 'compile'>['compile']): Partial<Provider> {
  return {
    make: (device) => Object.assign(cpu(device), { compile: change }),
  };
}
const raw = '[ONNXRuntimeError] : 1 : FAIL : cuda_call.cc:123 CUBLAS_STATUS_NOT_INITIALIZED';
const crashing = bad(async () => {
  throw new FacetError({ code: 'compute.session-failed', message: raw });
});
const wrong = bad(async (program) => ({
  name: program.name,
  compileMs: 0,
  run: async () => ({ loss: Float32Array.of(5.5453) }),
  dispose: async () => undefined,
}));

describe('an engine that is there but broken', () => {
  it('is passed over by auto, which says so without the words of the library', async () => {
    const { createEngine } = engineChooser([provider('onnx-cuda', crashing), working]);
    const made = await createEngine('auto');
    if (!made.ok) throw new Error(made.failure.message);
    expect(made.value.engine.name).toBe('onnx-cpu');
    expect(made.value.fallback).toBe(
      'onnx-cpu is used. Not usable: onnx-cuda, because the measuring step failed on it.',
    );
    await made.value.engine.dispose();
  });

  it('is listed with reason, remedy and, apart, the words of the library', async () => {
    const { listEngines } = engineChooser([provider('onnx-cuda', crashing), working]);
    const { engines, fastest, fallback } = await listEngines({ probe: true });
    expect(fastest).toBe('onnx-cpu');
    expect(fallback).toContain('onnx-cuda');
    expect(engines[0]).toMatchObject({ available: false, fix: 'Repair onnx-cuda.', detail: raw });
    expect(engines[0]?.reason).not.toContain('CUBLAS');
  });

  it('is not taken where its numbers are wrong, however fast it is', async () => {
    // The first loss is right: an engine that loses the update would go unnoticed by one run.
    const { listEngines } = engineChooser([provider('onnx-webgpu', wrong), working]);
    const { engines, fastest, fallback } = await listEngines({ probe: true });
    expect(fastest).toBe('onnx-cpu');
    expect(engines[0]?.reason).toContain('numbers are wrong');
    expect(fallback).toContain('numbers are wrong');
  });

  it('is told of where it was installed on purpose, and not where the machine has no such thing', async () => {
    const fails = (error: FacetError): Partial<Provider> => ({ detect: () => Promise.reject(error) });
    const { createEngine } = engineChooser([
      provider('onnx-cuda', fails(broken('the library libcublas.so.12 is missing.', undefined, raw))),
      provider('onnx-webgpu', fails(absent('no graphics adapter was found.'))),
      working,
    ]);
    const made = await createEngine('auto');
    if (!made.ok) throw new Error(made.failure.message);
    expect(made.value.fallback).toBe(
      'onnx-cpu is used. Not usable: onnx-cuda, because the library libcublas.so.12 is missing.',
    );
    await made.value.engine.dispose();
    expect(await createEngine('onnx-cuda')).toMatchObject({
      ok: false,
      failure: { fix: 'Repair onnx-cuda.' },
    });
  });

  it('leaves no engine at all as a failure that names each', async () => {
    const { createEngine } = engineChooser([provider('onnx-cpu', crashing), provider('tfjs-wasm', wrong)]);
    const made = await createEngine('auto');
    expect(made).toMatchObject({ ok: false, failure: { code: 'compute.no-engine' } });
    if (!made.ok) expect(made.failure.message).toMatch(/onnx-cpu.+tfjs-wasm/);
  });
});
