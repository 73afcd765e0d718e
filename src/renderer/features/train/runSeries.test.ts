import { expect, it } from 'vitest';
import type { EvaluationFrame, StepFrame } from '#core/runFrames.ts';
import { accuracySeries, lossSeries, meanWindow, reportedWords, stepExtent } from './runSeries.ts';
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
