/** A device whose memory runs out, played at ONNX Runtime's own door: it refuses rows that are longer than it has room for. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as Ort from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ort } from '#compute/engines/ort.ts';
import { FacetError, type Failure } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { STEP_PAIRS_FILE, type StepPairs } from '#core/stepPairs.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { outOfMemory } from './outOfMemory.ts';
import { type FinishedRun, politePairs, runAgain, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());
afterEach(() => vi.restoreAllMocks());

/** As ONNX Runtime 1.2x says it of its arena. */
const REFUSED =
  'Non-zero status code returned while running MatMul node. bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 805306368';
const SETTINGS: Partial<RunConfig> = {
  steps: 7,
  headsFirst: 0,
  evaluateEvery: 3,
  learningRate: 3e-3,
  maxPromptTokens: 24,
  maxReplyTokens: 24,
};
const PAIRS = politePairs(storiesMissing === null ? 30 : 0);

/** Refuses rows of more tokens than `most`, which may change on the way. */
function deviceWithRoom(most: () => number): void {
  const { prototype } = ort().InferenceSession as unknown as { prototype: Ort.InferenceSession };
  const run = prototype.run as (
    this: Ort.InferenceSession,
    feeds: Record<string, Ort.Tensor>,
    ...rest: unknown[]
  ) => unknown;
  vi.spyOn(prototype, 'run').mockImplementation(function (this: Ort.InferenceSession, feeds, ...rest) {
    const row = Object.entries(feeds).find(([name]) => name.endsWith('tokens'))?.[1] as
      | Ort.Tensor
      | undefined;
    if (row !== undefined && row.size > most()) return Promise.reject(new Error(REFUSED));
    return run.call(this, feeds as Record<string, Ort.Tensor>, ...rest) as never;
  });
}

async function failureOf(run: Promise<unknown>): Promise<Failure> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof FacetError) return error.failure;
  throw new Error(`the run ended otherwise: ${String(error)}`);
}

async function pairsByStep({ job }: Pick<FinishedRun, 'job'>): Promise<string[][]> {
  const lines = (await readFile(join(job.runDir, STEP_PAIRS_FILE), 'utf8')).trim().split('\n');
  return lines.map((line) => [...(JSON.parse(line) as StepPairs).pairIds].sort());
}

describe('a run whose device has no memory left', needing(storiesMissing), () => {
  it.each([
    ['rows that fill the budget', {}],
    ['steps of so many pairs', { batchPairs: 3 }],
  ])(
    'keeps its last step, proposes a budget that fits, and with it takes the same steps: %s',
    async (_, size) => {
      const settings = { ...SETTINGS, ...size };
      const whole = await runIn(root, PAIRS, settings);
      let room = Number.POSITIVE_INFINITY;
      deviceWithRoom(() => room);
      let job: FinishedRun['job'] | null = null;
      const failure = await failureOf(
        runIn(
          root,
          PAIRS,
          settings,
          (frame) => {
            // In the midst of what comes after the fourth step, no checkpoint of which is there yet.
            if (frame.type === 'step' && frame.step === 4) room = 100;
          },
          undefined,
          (begun) => {
            job = begun;
          },
        ),
      );
      expect(failure).toMatchObject({
        code: 'train.out-of-memory',
        suggestion: { field: 'tokenBudget', value: 96, label: 'a token budget of 96' },
      });
      expect(failure.message).toContain('192 tokens');
      if (job === null) throw new Error('no job');
      const begun: FinishedRun['job'] = job;
      const rest = await runAgain({ ...begun, resume: true, rowTokens: 96 });
      expect(rest.steps.map(({ step }) => step)).toEqual([5, 6, 7]);
      for (const [place, step] of whole.steps.slice(4).entries()) {
        expect(rest.steps[place]?.pairs).toBe(step.pairs);
        expect(rest.steps[place]?.loss).toBeCloseTo(step.loss, 4);
        expect(rest.steps[place]?.gradNorm ?? 0).toBeCloseTo(step.gradNorm, 3);
      }
      expect(rest.evaluations.at(-1)?.loss).toBeCloseTo(whole.evaluations.at(-1)?.loss ?? 0, 4);
      expect(await pairsByStep({ job: begun })).toEqual(await pairsByStep(whole));
    },
  );

  it('goes on so after another pause too, without being told again', async () => {
    let room = Number.POSITIVE_INFINITY;
    deviceWithRoom(() => room);
    const first = await runIn(root, PAIRS, SETTINGS, (frame, stop) => {
      if (frame.type === 'step' && frame.step === 2) stop.abort();
    });
    room = 100;
    const again = { ...first.job, resume: true };
    expect((await failureOf(runAgain(again))).code).toBe('train.out-of-memory');
    const second = await runAgain({ ...again, rowTokens: 96 }, (frame, stop) => {
      if (frame.type === 'step' && frame.step === 4) stop.abort();
    });
    expect(second.result).toMatchObject({ stopped: true, steps: 4 });
    expect((await runAgain(again)).result).toMatchObject({ stopped: false, steps: 7 });
  });

  it('begins with shorter rows where the first step had no room', async () => {
    deviceWithRoom(() => 100);
    let job: FinishedRun['job'] | null = null;
    const failure = await failureOf(
      runIn(root, PAIRS, SETTINGS, undefined, undefined, (begun) => {
        job = begun;
      }),
    );
    expect(failure.suggestion?.value).toBe(96);
    if (job === null) throw new Error('no job');
    const begun: FinishedRun['job'] = job;
    expect((await runAgain({ ...begun, rowTokens: 96 })).result).toMatchObject({ steps: 7 });
  });
});

it('proposes no budget where the longest pair fills the row', () => {
  const pair = (tokens: number): EncodedPair => ({
    ...{ pairId: '1', promptId: '1', prompt: new Int32Array(tokens - 2) },
    ...{ chosen: new Int32Array(1), rejected: new Int32Array(1) },
    ...{ cut: { prompt: 0, chosen: 0, rejected: 0 } },
  });
  const run = (tokens: number, longest: number) => ({
    ...{ shape: { tokens, responses: 64, pairs: 2 }, training: [pair(longest)], heldOut: [] },
    engine: { device: 'Card' } as never,
  });
  const cause = new Error(REFUSED);
  expect(outOfMemory(run(192, 192), cause).failure.suggestion).toBeUndefined();
  expect(outOfMemory(run(192, 192), cause).failure.fix).toContain('4 bits');
  expect(outOfMemory(run(192, 150), cause).failure.suggestion?.value).toBe(150);
  expect(outOfMemory(run(2048, 150), cause).failure.suggestion?.label).toBe('a token budget of 1,024');
});
