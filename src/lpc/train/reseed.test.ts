import { describe, expect, it } from 'vitest';
import { createEngine } from '#compute/index.ts';
import { unwrap } from '#core/result.ts';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import { headSpecs, initHeads } from '../method/heads.ts';
import { momentSpecs } from '../optimiser/adamw.ts';
import { addMass, applyReseeding, noMass, planReseeding, reseedingNote } from './reseed.ts';

const CODES = 4;

describe('planReseeding', () => {
  it('finds codes below 0.1 % of the mass and gives each a living one, by its mass', () => {
    // 1,000 prompts: code 1 has 0.09 %, code 2 nothing.
    const mass = { mass: [800, 0.9, 0, 199.1], prompts: 1000 };
    const plans = Array.from({ length: 200 }, (_, step) => planReseeding(mass, 1, step));
    for (const plan of plans) expect(plan.map(({ dead }) => dead)).toEqual([1, 2]);
    const fromFirst = plans.flat().filter(({ from }) => from === 0).length / 400;
    expect(plans.flat().every(({ from }) => from === 0 || from === 3)).toBe(true);
    expect(fromFirst).toBeGreaterThan(0.7);
    expect(fromFirst).toBeLessThan(0.9);
    expect(planReseeding(mass, 1, 7)).toEqual(plans[7]);
  });
  it('finds none where all live, or nothing was seen', () => {
    expect(planReseeding({ mass: [1, 1, 1, 1], prompts: 4 }, 1, 1)).toEqual([]);
    expect(planReseeding(noMass(CODES), 1, 1)).toEqual([]);
    // 1,024 codes, evenly used: each below 0.1 %.
    expect(planReseeding({ mass: new Array(1024).fill(1 / 1024), prompts: 1 }, 1, 1)).toEqual([]);
  });
  it('sums the mass of prompts', () => {
    const seen = addMass(addMass(noMass(2), Float32Array.of(0.25, 0.75, 1, 0)), Float32Array.of(0.5, 0.5));
    expect(seen).toEqual({ mass: [1.75, 1.25], prompts: 3 });
  });
});

it('re-seeds vector, output rows and moments of dead codes, and leaves the others as they are', async () => {
  const latent = { ...DEFAULT_LATENT, codes: CODES };
  const backbone = { hiddenSize: 6, layers: 2 };
  const specs = headSpecs(latent, backbone);
  const { engine } = unwrap(await createEngine('tfjs-cpu'));
  try {
    const heads = initHeads(latent, backbone, 1);
    const moments = Object.entries(momentSpecs(specs)).map(([name, spec]) => {
      const size = spec.shape.reduce((a, b) => a * b, 1);
      return [name, { spec, data: new Float32Array(size).fill(0.5) }] as const;
    });
    await engine.setState({ ...heads, ...Object.fromEntries(moments) });
    const plan = [{ dead: 2, from: 0 }];
    await applyReseeding(engine, specs, latent, plan, { seed: 1, step: 10 });
    const state = await engine.getState([
      ...Object.keys(specs),
      'adam.m.codebook',
      'adam.v.prior.output.bias',
    ]);
    const before = heads.codebook!.data;
    const after = state.codebook!;
    for (const code of [0, 1, 3])
      expect([...after.slice(6 * code, 6 * code + 6)]).toEqual([...before.slice(6 * code, 6 * code + 6)]);
    const distance = (a: ArrayLike<number>, from: number, b: ArrayLike<number>, to: number) =>
      Math.hypot(...Array.from({ length: 6 }, (_, index) => a[6 * from + index]! - b[6 * to + index]!));
    expect(distance(after, 2, before, 0)).toBeGreaterThan(0);
    expect(distance(after, 2, before, 0)).toBeLessThan(0.5 * distance(before, 2, before, 0));
    const row = state['posterior.output.weight']!;
    const rowBefore = heads['posterior.output.weight']!.data;
    expect(distance(row, 2, rowBefore, 0)).toBeLessThan(0.5 * distance(rowBefore, 2, rowBefore, 0));
    expect([...state['prior.hidden.weight']!]).toEqual([...heads['prior.hidden.weight']!.data]);
    expect([...state['adam.m.codebook']!]).toEqual(
      Array.from({ length: 24 }, (_, index) => (index >= 12 && index < 18 ? 0 : 0.5)),
    );
    expect([...state['adam.v.prior.output.bias']!]).toEqual([0.5, 0.5, 0, 0.5]);
    expect(reseedingNote(10, plan)).toBe('Step 10: 1 dead code re-seeded (2 from 0).');
  } finally {
    await engine.dispose();
  }
});
