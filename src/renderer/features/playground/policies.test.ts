import { describe, expect, it } from 'vitest';
import type { Model, Run } from '#shared/entities.ts';
import { besideOf, canTalk, type Policy, policyOf, targetKey, targetOf } from './policies.ts';

const model = (id: number, exists = true) => ({ id, name: `m${id}`, exists }) as Model;
const run = (id: number, modelId: number, state: Run['state'] = 'finished', step = 5) =>
  ({ id, name: `Run ${id}`, modelId, state, step, resumable: false }) as Run;
const names = (policy: ReturnType<typeof policyOf>) =>
  policy && [policy.model.name, policy.run?.name ?? null];

describe('what the Playground talks to', () => {
  it('is the newest run that has a checkpoint, else a model, else nothing', () => {
    const models = [model(1), model(2)];
    expect(names(policyOf(null, models, [run(1, 1), run(3, 2, 'failed'), run(2, 2)]))).toEqual([
      'm2',
      'Run 2',
    ]);
    expect(names(policyOf(null, models, []))).toEqual(['m1', null]);
    expect(policyOf(null, [], [run(1, 1)])).toBeNull();
  });

  it('passes over what lost its folder', () => {
    const models = [model(1, false), model(2)];
    expect(names(policyOf(null, models, [run(1, 1)]))).toEqual(['m2', null]);
    expect(names(policyOf({ runId: 1 }, models, [run(1, 1), run(2, 2)]))).toEqual(['m2', 'Run 2']);
  });

  it('is what was asked for while that is there', () => {
    const models = [model(1), model(2)];
    const runs = [run(1, 1), run(2, 2)];
    expect(names(policyOf({ runId: 1 }, models, runs))).toEqual(['m1', 'Run 1']);
    expect(names(policyOf({ modelId: 2 }, models, runs))).toEqual(['m2', null]);
    expect(names(policyOf({ modelId: 9 }, models, runs))).toEqual(['m2', 'Run 2']);
  });

  it('never is a run that has trained no step', () => {
    expect(canTalk(run(1, 1, 'paused', 0))).toBe(false);
    expect(canTalk(run(1, 1, 'paused', 3))).toBe(true);
    expect(canTalk(run(1, 1, 'running', 3))).toBe(false);
  });
});

describe('what answers beside it', () => {
  const models = [model(1), model(2), model(3, false)];
  const runs = [run(1, 1), run(2, 2), run(4, 3)];
  const talked: Policy = { model: models[0] as Model, run: runs[0] as Run };
  const beside = (asked: Parameters<typeof besideOf>[0], policy = talked) => {
    const found = besideOf(asked, policy, models, runs);
    return found && targetKey(found);
  };

  it('is its base, any other run, checkpoint or model, or nothing', () => {
    expect(beside('base')).toBe('model:1');
    expect(beside({ runId: 2 })).toBe('run:2');
    expect(beside({ runId: 1, checkpoint: 'best' })).toBe('run:1:best');
    expect(beside({ modelId: 2 })).toBe('model:2');
    expect(beside(null)).toBeNull();
  });

  it('is nothing where that is the same policy, or its folder is gone', () => {
    expect(beside({ runId: 1 })).toBeNull();
    expect(beside({ runId: 1, checkpoint: 'last' })).toBeNull();
    expect(beside('base', { model: models[0] as Model, run: null })).toBeNull();
    expect(beside({ runId: 4 })).toBeNull();
    expect(beside({ runId: 9 })).toBeNull();
  });

  it('has a key that leads back to it', () => {
    for (const target of [{ modelId: 3 }, { runId: 7 }, { runId: 7, checkpoint: 'best' as const }])
      expect(
        targetOf(
          targetKey({
            model: { id: 3 } as Model,
            run: 'runId' in target ? ({ id: target.runId } as Run) : null,
            checkpoint: 'checkpoint' in target ? target.checkpoint : undefined,
          }),
        ),
      ).toEqual(target);
  });
});
