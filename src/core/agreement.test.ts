import { describe, expect, it } from 'vitest';
import { majority, trainingLabel } from './agreement.ts';

describe('the label that training reads', () => {
  it('follows the majority of people over the file', () => {
    expect(trainingLabel(['b', 'b', 'a'], 'a', 'people-then-imported')).toBe('b');
  });
  it('leaves out what people call a tie or disagree on, whatever the file says', () => {
    expect(trainingLabel(['tie'], 'a', 'people-then-imported')).toBeNull();
    expect(trainingLabel(['a', 'b'], 'a', 'people-then-imported')).toBeNull();
    expect(trainingLabel(['both_bad'], 'b', 'people-then-imported')).toBeNull();
  });
  it('falls to the file where people only skipped, unless people alone are asked', () => {
    expect(trainingLabel(['skip'], 'a', 'people-then-imported')).toBe('a');
    expect(trainingLabel(['skip'], 'a', 'people')).toBeNull();
  });
  it('reads the file alone when asked to', () => {
    expect(trainingLabel(['b'], 'a', 'imported')).toBe('a');
    expect(trainingLabel(['b'], null, 'imported')).toBeNull();
  });
  it('counts preferences only', () => {
    expect(majority(['a', 'tie', 'tie'])).toBe('a');
    expect(majority([])).toBeNull();
  });
});
