import { describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import { toFailure } from '#core/result.ts';
import { codesFrom, samplingFrom } from './samplingOptions.ts';

function failureOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return toFailure(error);
  }
  throw new Error('did not fail');
}

describe('sampling options', () => {
  it('are the defaults but for what is given', () => {
    expect(samplingFrom({ stop: [] })).toEqual(DEFAULT_SAMPLING);
    expect(samplingFrom({ temperature: '0', topK: '5', stop: ['\n'], seed: '9' })).toEqual({
      ...DEFAULT_SAMPLING,
      temperature: 0,
      topK: 5,
      stop: ['\n'],
      seed: 9,
    });
  });

  it.each([
    ['temperature', 'warm'],
    ['temperature', ''],
    ['topP', '0'],
    ['maxTokens', '1.5'],
    ['seed', '-1'],
  ])('names %s where it is %s', (name, value) => {
    const { code, where } = failureOf(() => samplingFrom({ stop: [], [name]: value }));
    expect({ code, field: where?.field }).toEqual({ code: 'cli.bad-setting', field: name });
  });
});

describe('codes', () => {
  it('are none, the prior’s, or weights in either form', () => {
    expect(codesFrom('none', null)).toEqual({ mode: 'none' });
    expect(codesFrom('prior', 3)).toEqual({ mode: 'prior' });
    expect(codesFrom('0, 1, 0.5', 3)).toEqual({ mode: 'weights', weights: [0, 1, 0.5] });
    expect(codesFrom('2=1,0=0.5', 3)).toEqual({ mode: 'weights', weights: [0.5, 0, 1] });
  });

  it.each([
    ['1,2', 3],
    ['3=1', 3],
    ['1=a', 3],
    ['1=', 3],
    ['1=1,2', 3],
    ['1,0,-1', 3],
    ['0=1', null],
  ] as const)('refuses %s', (text, count) => {
    expect(failureOf(() => codesFrom(text, count)).code).toBe('cli.bad-codes');
  });
});
