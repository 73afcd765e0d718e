import { expect, it } from 'vitest';
import { codeEvidence, EVIDENCE_PROMPTS, evidenceSample } from './codeEvidence.ts';
import { randomSource } from './random.ts';

const COUNT = 120;
const sources = Array.from({ length: COUNT }, (_, row) => (row % 3 === 0 ? 'shop' : 'sky'));
/** Told apart by one direction, whatever else the states hold. */
const states = (width: number) => {
  const noise = randomSource({ seed: 1, stream: 'states', counter: width });
  return sources.map((source) =>
    Float32Array.from({ length: width }, (_, at) => (at === 0 && source === 'shop' ? 40 : noise.uniform())),
  );
};
const codes = sources.map((source, row) => (source === 'shop' ? 0 : 1 + (row % 2)));

it('sets the agreement of codes beside that of untrained ones and a linear rule’s', () => {
  const untrained = sources.map((_, row) => row % 4);
  const found = codeEvidence({ trained: codes, untrained, states: states(8), sources });
  // H(source) = 0.6365, H(code) = ln 3 with thirds, I = H(source): NMI = 0.6365 / ((0.6365 + 1.0986) / 2).
  expect(found?.nmi).toBeCloseTo(0.7337, 3);
  expect(found?.untrainedNmi).toBeLessThan(0.05);
  expect(found?.probe).toBeGreaterThan(0.97);
  expect(found?.commonest).toBeCloseTo(2 / 3, 5);
});

it('reads wide states as well as narrow ones', () => {
  expect(
    codeEvidence({ trained: codes, untrained: codes, states: states(600), sources })?.probe,
  ).toBeGreaterThan(0.97);
});

it('has nothing to say of one source', () => {
  const one = sources.map(() => 'sky');
  expect(codeEvidence({ trained: codes, untrained: codes, states: states(4), sources: one })).toBeNull();
});

it('draws the same part of many prompts each time', () => {
  expect(evidenceSample(5)).toEqual([0, 1, 2, 3, 4]);
  const drawn = evidenceSample(5000);
  expect(drawn).toHaveLength(EVIDENCE_PROMPTS);
  expect(new Set(drawn).size).toBe(EVIDENCE_PROMPTS);
  expect(evidenceSample(5000)).toEqual(drawn);
});
