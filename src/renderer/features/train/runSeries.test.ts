import { expect, it } from 'vitest';
import type { EvaluationFrame, StepFrame } from '#core/runFrames.ts';
import {
  accuracySeries,
  gpuLoadSeries,
  lossSeries,
  meanWindow,
  memorySeries,
  reportedStep,
  reportedWords,
  stepExtent,
} from './runSeries.ts';
import { RunTrace } from './runTrace.ts';

const traceOf = (steps: number, evaluatedAt: readonly number[] = []) => {
  const trace = new RunTrace();
  for (let step = 1; step <= steps; step++)
    trace.append([{ type: 'step', step, loss: 1, accuracy: 0.5 } as unknown as StepFrame]);
  for (const step of evaluatedAt)
    trace.append([{ type: 'evaluation', step, accuracy: 0.8 } as unknown as EvaluationFrame]);
  return trace;
};

it('widens the mean with the run, and says which mean is drawn', () => {
  expect([30, 1500, 6000, 60_000].map((steps) => meanWindow(traceOf(steps)))).toEqual([25, 25, 100, 1000]);
  expect(lossSeries(traceOf(6000), null).map(({ label }) => label)).toContain('mean of 100');
});

it('draws the mean that was chosen, and none where it is of one step', () => {
  const trace = new RunTrace();
  for (const [index, loss] of [4, 2, 6].entries())
    trace.append([{ type: 'step', step: index + 1, loss } as unknown as StepFrame]);
  const [steps, mean] = lossSeries(trace, null, { smoothing: 2 });
  expect([steps?.pale, mean?.label, [...(mean?.points.y ?? [])]]).toEqual([true, 'mean of 2', [4, 3, 4]]);
  const alone = lossSeries(trace, null, { smoothing: 1 });
  expect(alone.map(({ label, pale }) => [label, pale])).toEqual([
    ['each step', undefined],
    ['held-out', undefined],
  ]);
});

it('keeps training accuracy apart from held-out accuracy, and a plain run free of a posterior', () => {
  const trace = traceOf(10, [10]);
  const plain = accuracySeries(trace, false, null).map(({ label }) => label);
  expect(plain).toEqual(['held-out', 'training']);
  const latent = accuracySeries(trace, true, { name: 'Run 8', trace: traceOf(20, [20]) });
  expect(latent.map(({ label }) => label)).toEqual(['prior', 'posterior', 'swapped', 'Run 8', 'training']);
  expect([...latent[0]!.points.y]).toEqual([0.8]);
});

it('shares one axis between a run and the longer one beside it', () => {
  expect(stepExtent(traceOf(10), { name: 'Run 8', trace: traceOf(40) })).toEqual([0, 40]);
  expect(stepExtent(traceOf(0), null)).toBeNull();
});

it('says so when a fast run reported only a part of its steps', () => {
  const trace = traceOf(3);
  expect(reportedWords(trace)).toBe('each step');
  trace.append([{ type: 'step', step: 84, loss: 1 } as unknown as StepFrame]);
  expect(reportedWords(trace)).toBe('4 of 84 steps, as reported');
  expect(lossSeries(trace, null)[0]?.label).toBe('reported steps');
});

it('draws the terms of the loss apart, and ln 2 where it means an untrained policy', () => {
  const trace = new RunTrace();
  const terms = { loss: 0.75, preferenceLoss: 0.69, klLoss: 0.08, bonusLoss: -0.02 };
  for (const step of [1, 2]) trace.append([{ type: 'step', step, ...terms } as unknown as StepFrame]);
  const lines = lossSeries(trace, null, { lnTwo: true });
  expect(lines.map(({ label }) => label)).toEqual([
    'each step',
    'mean of 25',
    'λ·KL',
    'bonus',
    'held-out',
    'ln 2, untrained',
  ]);
  expect([...lines[0]!.points.y]).toEqual([0.69, 0.69]);
  expect([...lines[5]!.points.y]).toEqual([Math.LN2, Math.LN2]);
  // An older run knows the sum alone, and a plain one has no KL.
  expect([...lossSeries(traceOf(2), null)[0]!.points.y]).toEqual([1, 1]);
  expect(lossSeries(traceOf(2), null).map(({ label }) => label)).not.toContain('λ·KL');
});

it('finds the reported step nearest to a place of a chart', () => {
  const trace = traceOf(3);
  trace.append([{ type: 'step', step: 84, loss: 1 } as unknown as StepFrame]);
  expect([0, 2, 40, 44, 200].map((at) => reportedStep(trace, at))).toEqual([1, 2, 3, 84, 84]);
  expect(reportedStep(traceOf(0), 5)).toBeNull();
});

it('draws what a graphics card says beside main memory, and nothing of a run on the processor', () => {
  const trace = new RunTrace();
  const told = { memoryBytes: 3e8, gpuMemoryBytes: 2e9, gpuLoad: 0.5 };
  trace.append([{ type: 'step', step: 1, ...told } as unknown as StepFrame]);
  trace.append([{ type: 'step', step: 2, memoryBytes: 3e8 } as unknown as StepFrame]);
  expect(memorySeries(trace).map(({ label }) => label)).toEqual(['training process', 'graphics card']);
  expect([...(gpuLoadSeries(trace)[0]?.points.y ?? [])]).toEqual([0.5, Number.NaN]);
  expect(gpuLoadSeries(traceOf(3))).toEqual([]);
});
