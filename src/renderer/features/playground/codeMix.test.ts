import { describe, expect, it } from 'vitest';
import { cannotMute, mixOf, mixWords, only, setWeight, toggleMute, togglePin } from './codeMix.ts';

const start = [0.5, 0.3, 0.2];
const total = (weights: readonly number[]) => weights.reduce((sum, weight) => sum + weight, 0);

describe('the mix of codes', () => {
  it('scales the others when one is set', () => {
    expect(setWeight(mixOf(start), 2, 0.6, start).weights).toEqual([0.25, 0.15, 0.6]);
  });

  it('leaves pinned codes where they are and gives no more than they leave', () => {
    const mix = togglePin(mixOf(start), 0);
    expect(setWeight(mix, 1, 0.9, start).weights).toEqual([0.5, 0.5, 0]);
  });

  it('takes all the room when nothing else is free', () => {
    const mix = togglePin(togglePin(mixOf(start), 0), 1);
    expect(setWeight(mix, 2, 0, start).weights[2]).toBeCloseTo(0.2);
  });

  it('shares by the prior once everything else stands at zero', () => {
    const alone = { ...only(3, 0), pinned: [false, false, false] };
    const weights = setWeight(alone, 0, 0.5, start).weights;
    expect(weights[0]).toBe(0.5);
    expect(weights[1]! / weights[2]!).toBeCloseTo(1.5);
  });

  it('mutes and gives back', () => {
    const quiet = toggleMute(mixOf(start), 0, start);
    expect(quiet.weights[0]).toBe(0);
    expect(quiet.weights[1]).toBeCloseTo(0.6);
    const back = toggleMute(quiet, 0, start);
    expect(back.muted[0]).toBe(false);
    expect(back.weights[0]).toBeCloseTo(0.5);
  });

  it('keeps a muted code silent while others move', () => {
    const quiet = toggleMute(mixOf(start), 0, start);
    expect(setWeight(quiet, 1, 0.1, start).weights).toEqual([0, 0.1, 0.9]);
  });

  it('never mutes the last code that sounds', () => {
    const two = toggleMute(toggleMute(mixOf(start), 0, start), 1, start);
    expect(cannotMute(two, 2)).toBe(true);
    expect(toggleMute(two, 2, start)).toBe(two);
  });

  it('hands a muted code’s weight to pinned ones where all others are pinned', () => {
    const pinned = togglePin(togglePin(mixOf(start), 0), 1);
    const weights = toggleMute(pinned, 2, start).weights;
    expect(weights[2]).toBe(0);
    expect(total(weights)).toBeCloseTo(1);
  });

  it('sums to one after any sequence of changes', () => {
    let mix = mixOf([0.7, 0.1, 0.1, 0.1, 0]);
    let state = 7;
    for (let turn = 0; turn < 500; turn++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      const code = state % 5;
      if (turn % 3 === 0) mix = setWeight(mix, code, (state % 101) / 100, [0.7, 0.1, 0.1, 0.1, 0]);
      else if (turn % 3 === 1) mix = togglePin(mix, code);
      else mix = toggleMute(mix, code, [0.7, 0.1, 0.1, 0.1, 0]);
      expect(total(mix.weights)).toBeCloseTo(1, 6);
      expect(mix.weights.every((weight) => weight >= 0)).toBe(true);
    }
  });

  it('is told in a few words', () => {
    expect(mixWords([0.1, 0.6, 0.25, 0.05], 2)).toBe('code 1 0.60, code 2 0.25 and others');
    expect(mixWords([0, 1])).toBe('code 1 1.00');
  });
});
