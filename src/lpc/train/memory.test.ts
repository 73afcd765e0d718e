import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { planMemory } from './memory.ts';

const GIB = 1024 ** 3;

describe('planMemory', () => {
  it('is silent, warns or refuses by what there is', () => {
    const machine = { freeBytes: 4 * GIB, totalBytes: 8 * GIB };
    expect(planMemory(3 * GIB, machine)).toBeNull();
    expect(planMemory(6 * GIB, machine)).toMatchObject({ code: 'memory-short' });
    expect(planMemory(6 * GIB, machine)?.message).toContain('6.0 GiB');
    expect(() => planMemory(13 * GIB, machine)).toThrow(FacetError);
  });
});
