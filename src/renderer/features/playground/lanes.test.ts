import { describe, expect, it } from 'vitest';
import { emptyLane, type LanePlan, pairToKeep, pick, takeFrames } from './lanes.ts';

const plan = (key: string): LanePlan => ({
  key,
  title: key,
  of: 'Starter',
  aligned: key !== 'base',
  policy: { modelId: 1, runId: null },
  codes: { mode: 'none' },
  note: null,
  code: null,
});
const done = (key: string, texts: readonly string[]) =>
  takeFrames(emptyLane(plan(key), texts.length), [
    {
      type: 'done',
      ids: texts.map(() => [7, 8]),
      replies: texts.map((text) => ({ text, tokens: 2, finish: 'stop' as const, logp: -1 })),
      promptTokens: 3,
      weights: null,
      tokensPerSecond: 10,
      timeToFirstTokenMs: 5,
    },
  ]);

describe('a lane', () => {
  it('adds text to the reply it belongs to', () => {
    const lane = takeFrames(emptyLane(plan('base'), 2), [
      { type: 'phase', text: 'Reading the model' },
      { type: 'text', sample: 1, text: 'a' },
      { type: 'text', sample: 0, text: 'b' },
      { type: 'text', sample: 1, text: 'c' },
    ]);
    expect(lane.replies.map(({ text }) => text)).toEqual(['b', 'ac']);
    expect(lane.phase).toBeNull();
  });

  it('says stopped where a reply was stopped', () => {
    const lane = takeFrames(emptyLane(plan('base'), 1), [
      {
        type: 'done',
        ids: [[7]],
        replies: [{ text: 'x', tokens: 1, finish: 'stopped', logp: 0 }],
        promptTokens: 1,
        weights: null,
        tokensPerSecond: 1,
        timeToFirstTokenMs: 1,
      },
    ]);
    expect(lane.state).toBe('stopped');
  });
});

describe('the pair to keep', () => {
  const lanes = [done('base', ['one', 'two']), done('aligned', ['three', 'four'])];
  const keys = (picked: readonly string[]) => pairToKeep(lanes, picked).map(({ key }) => key);

  it('is one reply of each lane unless others are picked', () => {
    expect(keys([])).toEqual(['base:0', 'aligned:0']);
    expect(keys(['aligned:1'])).toEqual(['base:0', 'aligned:1']);
    expect(keys(['aligned:0', 'base:1'])).toEqual(['base:1', 'aligned:0']);
    expect(keys(['base:0', 'base:1'])).toEqual(['base:0', 'base:1']);
  });

  it('takes two of one lane where there is only one', () => {
    expect(pairToKeep([lanes[0]!], []).map(({ key }) => key)).toEqual(['base:0', 'base:1']);
  });

  it('prefers two that are not the same text', () => {
    const alike = [done('base', ['one', 'two']), done('aligned', ['one', 'two'])];
    expect(pairToKeep(alike, []).map(({ key }) => key)).toEqual(['base:0', 'aligned:1']);
    const same = [done('base', ['one']), done('aligned', ['one'])];
    expect(pairToKeep(same, []).map(({ key }) => key)).toEqual(['base:0', 'aligned:0']);
  });

  it('leaves out what is empty or still written', () => {
    expect(pairToKeep([done('base', ['', 'two'])], [])).toHaveLength(1);
    expect(pairToKeep([{ ...lanes[0]!, state: 'running' }], [])).toHaveLength(0);
  });

  it('lets a third pick take the first one’s place', () => {
    expect(pick(['a', 'b'], 'c')).toEqual(['b', 'c']);
    expect(pick(['a', 'b'], 'a')).toEqual(['b']);
  });
});
