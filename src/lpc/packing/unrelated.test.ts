import { describe, expect, it } from 'vitest';
import type { EncodedPair } from './encode.ts';
import { rowInputs } from './pack.ts';
import { asReference, heldOutWithUnrelated, leavingRoom, withUnrelated } from './unrelated.ts';

const ids = (...values: number[]): Int32Array => Int32Array.from(values);
const pair = (prompt: number, chosen: number[], rejected: number[]): EncodedPair => ({
  pairId: `${prompt}-${chosen.join()}-${rejected.join()}`,
  promptId: String(prompt),
  prompt: ids(prompt, prompt),
  chosen: ids(...chosen),
  rejected: ids(...rejected),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
});
const LIMITS = { tokenBudget: 64, contextLength: 64 };
const unrelatedOf = (pairs: readonly EncodedPair[]): number[][] =>
  pairs.map(({ unrelated }) => [...(unrelated ?? [])]);

describe('replies to other prompts', () => {
  it('are those of the neighbour before that has another prompt, good and bad in turns', () => {
    const pairs = [pair(1, [10], [11]), pair(2, [20], [21]), pair(2, [22], [23]), pair(3, [30], [31])];
    expect(unrelatedOf(withUnrelated(pairs, LIMITS))).toEqual([[30], [11], [10], [23]]);
  });

  it('are the one there is of a single label', () => {
    const singles = [pair(1, [10], []), pair(2, [], [21]), pair(3, [30], [])];
    expect(unrelatedOf(withUnrelated(singles, LIMITS))).toEqual([[30], [10], [21]]);
  });

  it('are cut to what the row and the model hold', () => {
    const pairs = [pair(1, [10, 11, 12], [13]), pair(2, [20, 21, 22], [23])];
    const limits = { tokenBudget: 8, contextLength: 64 };
    expect(unrelatedOf(withUnrelated(pairs, limits))).toEqual([[20, 21], [13]]);
    expect(unrelatedOf(withUnrelated(pairs, { tokenBudget: 64, contextLength: 3 }))).toEqual([[20], [13]]);
    expect(leavingRoom({ ...LIMITS, maxPromptTokens: 9, maxReplyTokens: 9 }).tokenBudget).toBe(55);
    expect(leavingRoom({ ...LIMITS, maxPromptTokens: 9, maxReplyTokens: 99 }).tokenBudget).toBe(48);
  });

  it('come from training pairs where a held-out one has no other prompt beside it', () => {
    const training = [pair(1, [10], [11]), pair(2, [20], [21])];
    expect(unrelatedOf(heldOutWithUnrelated([pair(3, [30], [31])], training, LIMITS))).toEqual([[20]]);
  });

  it('are refused with one prompt alone', () => {
    expect(() => withUnrelated([pair(1, [10], []), pair(1, [11], [])], LIMITS)).toThrow('have one prompt');
  });

  it('stand on a branch and in a sequence of their own, and are asked of the reference apart', () => {
    const [first, second] = withUnrelated([pair(1, [10], [11]), pair(2, [20], [])], LIMITS) as [
      EncodedPair,
      EncodedPair,
    ];
    const inputs = rowInputs([first, second], { tokens: 12, responses: 6, pairs: 3 });
    expect([...(inputs.branch ?? [])]).toEqual([0, 0, 1, 2, 3, 0, 0, 1, 3, 0, 0, 0]);
    expect([...(inputs.positions ?? [])].slice(0, 9)).toEqual([0, 1, 2, 2, 2, 0, 1, 2, 2]);
    expect([...(inputs.responseSequence ?? [])]).toEqual([0, 1, 6, 2, 7, -1]);
    expect([...(inputs.targets ?? [])].slice(0, 5)).toEqual([10, 11, 20, 20, 11]);
    expect(asReference(first).map(({ chosen, rejected }) => [[...chosen], [...rejected]])).toEqual([
      [[10], [11]],
      [[20], []],
    ]);
  });
});
