import { describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import { checkSampling, otherSeed, STARTING_SAMPLING, samplingDraftOf } from './samplingDraft.ts';

describe('sampling settings while they are typed', () => {
  it('read back what they were made from', () => {
    const sampling = { ...DEFAULT_SAMPLING, stop: ['\n\n', 'User:'], topK: 40 };
    expect(checkSampling(samplingDraftOf(sampling, 3)).request).toEqual({ sampling, samples: 3 });
  });

  it.each([
    ['temperature', '', 'A number, please, such as 0.05 or 5e-4.'],
    ['temperature', '-1', 'At least 0, please.'],
    ['topP', '0', 'More than 0, please.'],
    ['minP', '1', 'Less than 1, please.'],
    ['topK', '2.5', 'A whole number, please.'],
    ['samples', '17', 'A whole number from 1 to 16, please.'],
    ['stop', 'x\n'.repeat(17), 'At most 16 stop strings, please.'],
  ] as const)('say what is wrong with %s = %j', (name, text, words) => {
    const checked = checkSampling({ ...STARTING_SAMPLING, [name]: text });
    expect(checked.request).toBeNull();
    expect(checked.problems).toEqual({ [name]: words });
  });

  it('take a comma for a point', () => {
    expect(checkSampling({ ...STARTING_SAMPLING, temperature: '0,7' }).request?.sampling.temperature).toBe(
      0.7,
    );
  });

  it('never draw the same seed again', () => {
    expect(otherSeed('0', () => 0)).toBe('1');
    expect(otherSeed('4294967295', () => 0.9999999999)).toBe('0');
  });
});
