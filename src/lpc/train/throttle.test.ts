import { describe, expect, it } from 'vitest';
import { paceMeter, stepThrottle } from './throttle.ts';

describe('stepThrottle', () => {
  it('tells every step of a short run, however fast', () => {
    const isReported = stepThrottle(30, () => 0);
    expect(Array.from({ length: 30 }, (_, step) => isReported(step + 1)).every(Boolean)).toBe(true);
  });
  it('tells a long fast run 251 times, and a long slow one at most ten times a second', () => {
    const count = (stepMs: number) => {
      let clockMs = 0;
      const isReported = stepThrottle(10_000, () => clockMs);
      let sum = 0;
      for (let step = 1; step <= 10_000; step++) {
        clockMs += stepMs;
        if (isReported(step)) sum += 1;
      }
      return sum;
    };
    expect(count(0)).toBe(251);
    expect(count(1000)).toBe(10_000);
    expect(count(50)).toBeLessThanOrEqual(5251);
  });
});

describe('paceMeter', () => {
  it('multiplies the recent pace by what is left', () => {
    const pace = paceMeter();
    const left = { stage: 'all', later: 0, forwardMs: null } as const;
    expect(pace(100, { ...left, inStage: 10 })).toBe(1000);
    // 0.9 · 100 + 0.1 · 200 = 110.
    expect(pace(200, { ...left, inStage: 9 })).toBe(990);
  });
  it('counts on slower steps once the backbone joins, and starts over there', () => {
    const pace = paceMeter();
    // 10 · 2 + 5 · 3 · 40.
    expect(pace(2, { stage: 'heads', inStage: 10, later: 5, forwardMs: 40 })).toBe(620);
    expect(pace(100, { stage: 'all', inStage: 4, later: 0, forwardMs: null })).toBe(400);
  });
});
