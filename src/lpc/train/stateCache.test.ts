import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasStories, largestDifference, storiesTitle } from '../backbone/testModel.ts';
import { packRows } from '../packing/pack.ts';
import { prepareRun } from './prepare.ts';
import { openStage } from './stage.ts';
import { cachesStates, stateBytes } from './stateCache.ts';
import { politePairs, resultOf, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const pair = (chosen: number, rejected: number) => ({
  pairId: 'x',
  promptId: 'x',
  prompt: new Int32Array(5),
  chosen: new Int32Array(chosen),
  rejected: new Int32Array(rejected),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
});

describe('cachesStates', () => {
  it('counts a vector a reply token and three a pair', () => {
    expect(stateBytes([pair(3, 4), pair(1, 2)], 64)).toBe((7 + 3 + 3 + 3) * 64 * 4);
  });
  it('wants repetition and room', () => {
    expect(cachesStates([pair(3, 4)], 64, 100, 50)).toBe(true);
    expect(cachesStates([pair(3, 4)], 64, 50, 50)).toBe(false);
    expect(cachesStates([pair(3, 4)], 2 ** 27, 100, 50)).toBe(false);
  });
});

describe.skipIf(!hasStories)(`cached states on ${storiesTitle}`, () => {
  it('give what a pass through the backbone gives, for rows of another composition', async () => {
    const { job } = await runIn(root, politePairs(12), { trainable: 'heads', steps: 1 });
    const run = await resultOf(prepareRun(job));
    const stop = new AbortController().signal;
    try {
      const cached = await resultOf(
        openStage({ ...run, config: { ...run.config, steps: 100 } }, 'heads', stop),
      );
      const plain = await resultOf(openStage({ ...run, config: { ...run.config, steps: 1 } }, 'heads', stop));
      const [row] = packRows([...run.heldOut, ...run.training].reverse(), run.shape);
      const reference = new Float32Array(2 * run.shape.pairs);
      expect(cached.rowInputs(row!)['states.prompt']).toBeDefined();
      expect(plain.rowInputs(row!)['states.prompt']).toBeUndefined();
      const a = await cached.evaluate.run({ ...cached.rowInputs(row!), reference });
      const b = await plain.evaluate.run({ ...plain.rowInputs(row!), reference });
      for (const name of ['logps', 'posteriorMargin', 'swappedMargin', 'prior', 'kl']) {
        const used = (a[name]!.length / run.shape.pairs) * row!.pairs.length;
        const difference = largestDifference(a[name]!.slice(0, used), b[name]!.slice(0, used));
        expect(difference, name).toBeLessThan(1e-3);
      }
    } finally {
      await run.engine.dispose();
    }
  });
});
