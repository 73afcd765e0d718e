import { describe, expect, it } from 'vitest';
import { randomSource } from '#core/random.ts';
import { cutToLimits, type EncodedPair, encodedLength, keepNewest, summariseCuts } from './encode.ts';
import { packedRow, packingFigures, packRows, rowInputs } from './pack.ts';
import { chooseShape } from './shape.ts';

const NOTHING_CUT = { prompt: 0, chosen: 0, rejected: 0 };

/** Lengths spread as in real dialogues: many short, few long. */
function randomPairs(count: number, seed: number): EncodedPair[] {
  const random = randomSource({ seed, stream: 'pairs', counter: 0 });
  const ids = (longest: number): Int32Array =>
    Int32Array.from({ length: 1 + Math.floor(longest * random.uniform() ** 3) }, () => random.integer(500));
  return Array.from({ length: count }, (_, index) => ({
    pairId: `p${index}`,
    promptId: `x${index}`,
    prompt: ids(300),
    chosen: ids(200),
    rejected: ids(200),
    cut: NOTHING_CUT,
  }));
}

const pair = (prompt: number[], chosen: number[], rejected: number[]): EncodedPair => ({
  pairId: 'a',
  promptId: 'a',
  prompt: Int32Array.from(prompt),
  chosen: Int32Array.from(chosen),
  rejected: Int32Array.from(rejected),
  cut: NOTHING_CUT,
});

describe('packRows', () => {
  const encoded = randomPairs(900, 7);
  const shape = chooseShape(encoded, 1024);
  const order = { seed: 3, stream: 'rows', counter: 0 };
  const idsOf = (rows: ReturnType<typeof packRows>) =>
    rows.map((row) => row.pairs.map(({ pairId }) => pairId));

  it('places every pair exactly once, within the shape', () => {
    const rows = packRows(encoded, shape, order);
    expect(idsOf(rows).flat().sort()).toEqual(encoded.map(({ pairId }) => pairId).sort());
    for (const row of rows) {
      expect(row.tokens).toBeLessThanOrEqual(shape.tokens);
      expect(row.pairs.length).toBeLessThanOrEqual(shape.pairs);
    }
  });

  it('pads little', () => {
    expect(packingFigures(packRows(encoded, shape, order)).padding).toBeLessThan(0.05);
    expect(packingFigures(packRows(encoded, shape)).padding).toBeLessThan(0.05);
  });

  it('gives the same rows for the same key, and others for the next epoch', () => {
    expect(idsOf(packRows(encoded, shape, order))).toEqual(idsOf(packRows(encoded, shape, order)));
    const next = packRows(encoded, shape, { ...order, counter: 1 });
    expect(idsOf(next)).not.toEqual(idsOf(packRows(encoded, shape, order)));
    const together = new Set(
      packRows(encoded, shape, order).map((row) =>
        row.pairs
          .map((p) => p.pairId)
          .sort()
          .join(),
      ),
    );
    const kept = next.filter((row) =>
      together.has(
        row.pairs
          .map((p) => p.pairId)
          .sort()
          .join(),
      ),
    );
    expect(kept.length).toBeLessThan(next.length / 10);
  });

  it('refuses a pair that does not fit', () => {
    expect(() => packedRow([pair([1, 2, 3], [4], [5])], { tokens: 4, responses: 4, pairs: 1 })).toThrow(
      "don't fit",
    );
    expect(() => chooseShape([pair([1, 2, 3], [4], [5])], 4)).toThrow('more than the row');
  });
});

describe('chooseShape', () => {
  it('asks for no more than the pairs need', () => {
    expect(chooseShape([pair([1, 2], [3, 4], [5])], 1024)).toEqual({ tokens: 64, responses: 4, pairs: 1 });
  });

  it('states how long pairs get where rows hold many, and holds rows to it', () => {
    const many = Array.from({ length: 40 }, () => pair([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 4], [5]));
    const shape = chooseShape(many, 300);
    expect(shape).toMatchObject({ tokens: 300, span: 38 });
    const longer = pair(
      Array.from({ length: 40 }, () => 1),
      [3],
      [5],
    );
    expect(() => packedRow([longer], shape)).toThrow("don't fit");
  });

  it('keeps one response slot for rows without replies', () => {
    expect(chooseShape([pair([1, 2, 3], [], [])], 1024)).toEqual({ tokens: 64, responses: 1, pairs: 1 });
  });
});

describe('rowInputs', () => {
  it('lays pairs out as agreed', () => {
    const pairs = [pair([1, 10, 11], [20, 2], [30, 31, 2]), pair([1, 12], [21], [32])];
    const inputs = rowInputs(pairs, { tokens: 14, responses: 8, pairs: 3 });
    const plain = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, Array.from(data)]));
    expect(plain).toEqual({
      tokens: [1, 10, 11, 20, 2, 30, 31, 2, 1, 12, 21, 32, 0, 0],
      positions: [0, 1, 2, 3, 4, 3, 4, 5, 0, 1, 2, 2, 0, 0],
      pairOf: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, -1, -1],
      branch: [0, 0, 0, 1, 1, 2, 2, 2, 0, 0, 1, 2, 0, 0],
      responseRows: [2, 3, 2, 5, 6, 9, 9, 0],
      targets: [20, 2, 30, 31, 2, 21, 32, 0],
      responseSequence: [0, 0, 1, 1, 1, 2, 3, -1],
      promptLast: [2, 9, 0],
      chosenLast: [4, 10, 0],
      rejectedLast: [7, 11, 0],
      pairWeight: [1, 1, 0],
    });
  });
});

describe('cutToLimits', () => {
  const ids = (length: number, first = 100): Int32Array =>
    Int32Array.from({ length }, (_, index) => first + index);
  const limits = { maxPromptTokens: 1000, maxReplyTokens: 1000, tokenBudget: 1000, contextLength: 1000 };

  it('keeps the newest prompt tokens and the token that begins a text', () => {
    expect(Array.from(keepNewest(Int32Array.of(1, 5, 6, 7, 8), 3, 1))).toEqual([1, 7, 8]);
    expect(Array.from(keepNewest(Int32Array.of(4, 5, 6, 7, 8), 3, 1))).toEqual([6, 7, 8]);
  });

  it('cuts by its own limits first', () => {
    const cut = cutToLimits(
      { prompt: ids(30), chosen: ids(9), rejected: ids(20) },
      { ...limits, maxPromptTokens: 10, maxReplyTokens: 8 },
      null,
    );
    expect([cut.prompt.length, cut.chosen.length, cut.rejected.length]).toEqual([10, 8, 8]);
    expect(cut.cut).toEqual({ prompt: 20, chosen: 1, rejected: 12 });
    expect(cut.prompt[9]).toBe(129);
    expect(cut.chosen[0]).toBe(100);
  });

  it('always fits the row and the context, whatever the lengths', () => {
    const random = randomSource({ seed: 5, stream: 'cut', counter: 0 });
    for (let trial = 0; trial < 500; trial++) {
      const tight = {
        maxPromptTokens: 1 + random.integer(300),
        maxReplyTokens: 1 + random.integer(300),
        tokenBudget: 8 + random.integer(300),
        contextLength: 8 + random.integer(300),
      };
      const cut = cutToLimits(
        {
          prompt: ids(1 + random.integer(400)),
          chosen: ids(1 + random.integer(400)),
          rejected: ids(1 + random.integer(400)),
        },
        tight,
        100,
      );
      const encoded = { ...pair([], [], []), ...cut };
      expect(encodedLength(encoded)).toBeLessThanOrEqual(tight.tokenBudget);
      expect(cut.prompt.length + Math.max(cut.chosen.length, cut.rejected.length)).toBeLessThanOrEqual(
        tight.contextLength,
      );
      expect(Math.min(cut.prompt.length, cut.chosen.length, cut.rejected.length)).toBeGreaterThan(0);
    }
  });

  it('tells what was cut', () => {
    const whole = { ...pair([1, 2], [3], [4]) };
    const shortened = { ...whole, cut: { prompt: 5, chosen: 0, rejected: 1 } };
    expect(summariseCuts([whole]).note).toBeNull();
    expect(summariseCuts([whole, shortened])).toMatchObject({
      pairs: 2,
      pairsCut: 1,
      tokens: 8,
      tokensCut: 6,
    });
    expect(summariseCuts([whole, shortened]).note).toContain('1 of 2 pairs');
  });
});
