import { describe, expect, it } from 'vitest';
import { randomSource } from '../random.ts';
import { causalRecovery, causesOf, codesInUse } from './causes.ts';
import { promptsOf, servedGroups } from './service.ts';
import type { ForcedPair } from './types.ts';

const GROUPS = ['courtesy', 'doubt', 'order', 'rhyme'];

/** `rightUnder` says whether a code is right on a pair of a group; `chooses` which code the prior gives it. */
function pairsOf(
  count: number,
  codes: number,
  rightUnder: (code: number, group: number, row: number) => boolean,
  chooses: (group: number, row: number) => number,
): ForcedPair[] {
  return Array.from({ length: count }, (_, row) => {
    const group = row % GROUPS.length;
    const forced = Array.from({ length: codes }, (_, code) => (rightUnder(code, group, row) ? 1 : -1));
    const strongest = chooses(group, row);
    return {
      promptId: `p${row}`,
      group: GROUPS[group] as string,
      strongest,
      margin: forced[strongest] as number,
      forced,
      pinned: forced,
      off: -1,
      shared: forced[0] as number,
    };
  });
}

/** A coin by pair and code. */
const coin = (seed: number) => (code: number, row: number) =>
  randomSource({ seed, stream: `coin.${code}`, counter: row }).uniform() < 0.5;

describe('causes of codes', () => {
  it('is 1 where each group has a code that serves it and no other', () => {
    const pairs = pairsOf(
      200,
      4,
      (code, group) => code === group,
      (group) => group,
    );
    const causes = causesOf({ codes: [0, 1, 2, 3], pairs }, 1);
    expect(causes?.serves).toEqual(GROUPS);
    expect(causes?.recovery).toBeCloseTo(1, 6);
    // The best single code is right for about a quarter, a little less on prompts it wasn't chosen on.
    expect(causes?.gainOverOneCode.value).toBeCloseTo(0.78, 1);
    // With z off no pair is right here, and code 0 for all is right for its own group alone.
    expect(causes?.gainOverOff).toEqual({ value: 1, low: 1, high: 1 });
    expect(causes?.gainOverShared?.value).toBeCloseTo(0.75, 6);
    expect(causes?.gainOverShared?.low).toBeLessThan(0.75);
    expect(causes?.effects.find(({ code, group }) => code === 1 && group === 'doubt')).toMatchObject({
      pairs: 50,
      accuracy: 1,
      margin: 1,
      pinnedAccuracy: 1,
    });
  });

  it('is half where two codes serve two groups each', () => {
    const pairs = pairsOf(
      200,
      2,
      (code, group) => code === group % 2,
      (group) => group % 2,
    );
    // I = ln 2, H = ln 4, but each code serves "the best" of its two equal groups: one label a code.
    expect(causalRecovery({ codes: [0, 1], pairs }, 1)).toBeCloseTo(0.5, 1);
  });

  it('is 0 for codes that cut by group while labels are drawn by lot', () => {
    const found = Array.from({ length: 40 }, (_, seed) => {
      const flip = coin(seed);
      const pairs = pairsOf(
        400,
        8,
        (code, _, row) => flip(code, row),
        (group, row) => group * 2 + (row % 2),
      );
      return causalRecovery({ codes: [0, 1, 2, 3, 4, 5, 6, 7], pairs }, seed);
    });
    for (const value of found) expect(value).toBeLessThan(0.05);
    expect(found.filter((value) => value === 0).length).toBeGreaterThanOrEqual(34);
  });

  it('is 0 where every code does the same, however sharply prompts are cut', () => {
    const pairs = pairsOf(
      200,
      4,
      (_, group) => group < 3,
      (group) => group,
    );
    const causes = causesOf({ codes: [0, 1, 2, 3], pairs }, 1);
    expect(causes?.recovery).toBe(0);
    expect(causes?.serves).toEqual([null, null, null, null]);
    expect(causes?.gainOverOneCode.value).toBe(0);
  });

  it('is 0 where codes serve groups but the prior gives every prompt the same code', () => {
    const pairs = pairsOf(
      200,
      4,
      (code, group) => code === group,
      () => 0,
    );
    expect(causalRecovery({ codes: [0, 1, 2, 3], pairs }, 1)).toBe(0);
  });

  it('is 1 − h₂(1/4)/ln 2 = .189 where two groups get the other’s code in one prompt of four', () => {
    const pairs = pairsOf(
      1600,
      2,
      (code, group) => code === group % 2,
      (group, row) => (Math.floor(row / 4) % 4 === 0 ? 1 - (group % 2) : group % 2),
    ).map((pair) => ({
      ...pair,
      group: pair.group === 'courtesy' || pair.group === 'order' ? 'even' : 'odd',
    }));
    expect(causalRecovery({ codes: [0, 1], pairs }, 1)).toBeCloseTo(0.189, 1);
  });

  it('is 0 where each group gets a code that serves another, and where all codes do well in one group', () => {
    const serving = (code: number, group: number) => code === group;
    const turned = pairsOf(200, 4, serving, (group) => (group + 1) % 4);
    expect(causalRecovery({ codes: [0, 1, 2, 3], pairs: turned }, 1)).toBe(0);
    const easy = pairsOf(
      200,
      4,
      (_, group, row) => group === 0 || row % 3 === 0,
      (group) => group,
    );
    expect(causalRecovery({ codes: [0, 1, 2, 3], pairs: easy }, 1)).toBe(0);
  });

  it('is null where fewer than two groups have eight prompts', () => {
    const few = pairsOf(
      28,
      4,
      (code, group) => code === group,
      (group) => group,
    );
    expect(causesOf({ codes: [0, 1, 2, 3], pairs: few }, 1)?.recovery).toBeNull();
  });

  it('counts a prompt once, however many pairs it has', () => {
    // One prompt with 40 pairs on which code 0 is right can't make it serve the group.
    const repeated = Array.from({ length: 40 }, () => ({
      promptId: 'same',
      group: 'doubt',
      strongest: 0,
      margin: 1,
      forced: [1, -1],
      pinned: [1, -1],
      off: -1,
      shared: 1,
    }));
    const others = pairsOf(
      40,
      2,
      () => false,
      () => 1,
    );
    expect(servedGroups([0, 1], promptsOf([...repeated, ...others], [0, 1]))).toEqual([null, null]);
  });

  it('has nothing to say of one group or no codes', () => {
    const pairs = pairsOf(
      8,
      2,
      () => true,
      () => 0,
    ).map((pair) => ({ ...pair, group: 'all' }));
    expect(causesOf({ codes: [0, 1], pairs }, 1)).toBeNull();
    expect(
      causesOf(
        {
          codes: [],
          pairs: pairsOf(
            8,
            0,
            () => true,
            () => 0,
          ),
        },
        1,
      ),
    ).toBeNull();
  });

  it('names the codes in use, most used first, without strays', () => {
    const strongest = [...new Array<number>(150).fill(3), ...new Array<number>(60).fill(1), 7];
    expect(codesInUse(strongest)).toEqual([3, 1]);
    expect(codesInUse([])).toEqual([]);
  });
});
