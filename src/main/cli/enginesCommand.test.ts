import { describe, expect, it } from 'vitest';
import type { EngineReport } from '#core/jobs.ts';
import { engineLines } from './enginesCommand.ts';

const engine = (changed: Partial<EngineReport>): EngineReport => ({
  name: 'onnx-cpu',
  available: true,
  device: 'a processor',
  reason: null,
  fix: null,
  detail: null,
  msPerStep: null,
  ...changed,
});
const absent = engine({
  name: 'onnx-cuda',
  available: false,
  device: null,
  reason: 'The library libcublas.so.12 is missing.',
  fix: 'Install CUDA 12.',
  detail: 'raw words\nof a library',
});

describe('facet engines', () => {
  it('keeps raw words away unless they are asked for, and says what to do', () => {
    const result = { engines: [engine({}), absent], fastest: 'onnx-cpu', fallback: null } as const;
    const plain = engineLines(result, false).join('\n');
    expect(plain).toContain('libcublas.so.12 is missing');
    expect(plain).toContain('Install CUDA 12.');
    expect(plain).not.toContain('raw words');
    expect(engineLines(result, true)).toContain('  | raw words');
  });

  it('names the fastest only where it was measured, and tells of a fall-back', () => {
    const unmeasured = { engines: [engine({})], fastest: 'onnx-cpu', fallback: null } as const;
    expect(engineLines(unmeasured, false).join('\n')).not.toContain('auto takes onnx-cpu');
    const fallback = 'onnx-cpu is used. Not usable: onnx-cuda, because it did not start.';
    const measured = { engines: [engine({ msPerStep: 2 })], fastest: 'onnx-cpu', fallback } as const;
    expect(engineLines(measured, false)).toContain(fallback);
    expect(engineLines(measured, false).join('\n')).toContain('auto takes onnx-cpu');
  });
});
