import { describe, expect, it } from 'vitest';
import {
  colourScale,
  nextColours,
  type ReplyToken,
  replyFigures,
  shadeOf,
  tokenFigures,
  tokenValue,
} from './tokenColours.ts';

const token = (logp: number, reward: number, other: ReplyToken['other'] = null): ReplyToken => ({
  text: 'x',
  own: { logp, reward },
  other,
});

describe('the colour of a token', () => {
  it('stands for how unlikely it is, on one scale for all replies', () => {
    const likely = token(-0.5, 0);
    expect(colourScale([[likely]], 'logp')).toBe(6);
    expect(shadeOf(likely, 'logp', 6)).toEqual({ size: 0.5 / 6, tone: 'unlikely' });
    expect(shadeOf(token(-40, 0), 'logp', 6).size).toBe(1);
  });

  it('stands for the reward less the one beside, a base model’s being 0', () => {
    const beside = token(-1, 0.2, { logp: -2, reward: 0.5 });
    expect(tokenValue(beside, 'reward')).toBeCloseTo(-0.3);
    expect(tokenValue(token(-1, 0.2), 'reward')).toBe(0.2);
    const scale = colourScale([[beside], [token(-1, 0.1)]], 'reward');
    expect(scale).toBeCloseTo(0.3);
    expect(shadeOf(beside, 'reward', scale)).toEqual({ size: 1, tone: 'less' });
    expect(shadeOf(token(-1, 0.1), 'reward', scale).tone).toBe('more');
    // Two policies that do the same are not blown up to the full colour.
    expect(shadeOf(token(-1, 1e-6), 'reward', colourScale([[token(-1, 1e-6)]], 'reward')).size).toBeLessThan(
      0.01,
    );
  });

  it('is written out too', () => {
    const beside = token(Math.log(0.1), 0.02, { logp: -2.9, reward: -0.01 });
    expect(tokenFigures(beside)).toBe(
      'log-probability −2.30 (10.0 %), beside −2.90 · reward +0.020, beside −0.010, difference +0.030',
    );
    expect(tokenFigures(token(-9, 0))).toBe('log-probability −9.00 (below 0.1 %) · reward 0.000');
    expect(replyFigures([beside, token(-1, 0.1)])).toBe(
      'Whole reply: log-probability −3.30 · reward +0.120 · difference to the one beside +0.130',
    );
  });

  it('goes round by its key', () => {
    expect(['off', 'logp', 'reward'].map((now) => nextColours(now as 'off'))).toEqual([
      'logp',
      'reward',
      'off',
    ]);
  });
});
