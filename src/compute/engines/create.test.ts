import { describe, expect, it } from 'vitest';
import { ENGINES } from '#core/runConfig.ts';
import { createEngine, listEngines, tf } from '../index.ts';
import { restoreUtil } from './nodeGpu.ts';

describe('engines', () => {
  it('lists every engine, with a reason and a remedy for each that is absent', async () => {
    const { engines, fastest } = await listEngines({ probe: true });
    expect(engines.map(({ name }) => name).sort()).toEqual(ENGINES.filter((name) => name !== 'auto').sort());
    for (const engine of engines) {
      if (engine.available) {
        expect(engine).toMatchObject({ reason: null, fix: null });
        expect(engine.msPerStep).toBeGreaterThan(0);
      } else {
        expect(engine.reason).toMatch(new RegExp(`^The engine ${engine.name} is not available: .+\\.$`));
        expect(engine.fix).toMatch(/^[A-Z].+\.$/);
        // The words of a library are for the detail.
        expect(engine.reason).not.toMatch(/Error|::|\n|\.cc/);
      }
    }
    expect(engines.find(({ name }) => name === fastest)?.available).toBe(true);
  });

  it('never replaces a named engine by another', async () => {
    const { engines } = await listEngines({ probe: false });
    for (const { name, available } of engines) {
      const made = await createEngine(name);
      expect(made.ok).toBe(available);
      if (made.ok) expect(made.value.engine.name).toBe(name);
      else expect(made.failure.code).toBe('compute.engine-absent');
    }
  });

  it('takes a measured engine for auto, and leaves the tfjs backend as it was', async () => {
    await tf.setBackend('cpu');
    const made = await createEngine('auto');
    expect(made.ok && made.value.fallback).toBe(null);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('gives util the type tests that the native package calls', () => {
    const target: Record<string, unknown> = { isArray: 'kept' };
    expect(restoreUtil(target)).toContain('isNullOrUndefined');
    expect(target.isArray).toBe('kept');
    const test = target.isNullOrUndefined as (value: unknown) => boolean;
    expect([null, undefined, 0, ''].map(test)).toEqual([true, true, false, false]);
  });
});
