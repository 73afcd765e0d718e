import { describe, expect, it } from 'vitest';
import type { EvaluationFrame, StepFrame, WarningFrame } from '#core/runFrames.ts';
import { plainEvaluation, stepFrame } from '#core/testFrames.ts';
import { RunTrace } from './runTrace.ts';

const step = (at: number, loss = 0.69): StepFrame =>
  stepFrame({ step: at, totalSteps: 20_000, loss, kl: 0, codePerplexity: null });
const evaluation = (at: number, accuracy: number): EvaluationFrame =>
  plainEvaluation({ step: at, accuracy, loss: 0.6, margin: 0.2 });
const warning = (at: number): WarningFrame => ({
  type: 'warning',
  step: at,
  code: 'run.code-collapse',
  message: 'One code takes 95 % of the mass.',
  fix: 'Raise the batch-entropy bonus.',
});

describe('RunTrace', () => {
  it('keeps ten thousand steps in order across buffer growth', () => {
    const trace = new RunTrace();
    for (let at = 1; at <= 10_000; at++) trace.append([step(at, at / 10)]);
    expect(trace.steps.rows).toBe(10_000);
    expect(trace.steps.view('loss')[9_999]).toBe(1000);
    expect(trace.steps.view('step')[256]).toBe(257);
  });

  it('marks values that a plain run does not have as gaps', () => {
    const trace = new RunTrace();
    trace.append([step(1), evaluation(1, 0.6)]);
    expect(trace.steps.view('codePerplexity')[0]).toBeNaN();
    expect(trace.evaluations.view('posteriorAccuracy')[0]).toBeNaN();
    expect(trace.evaluations.view('accuracy')[0]).toBe(0.6);
  });

  it('replaces repeated steps after a resume instead of drawing the line backwards', () => {
    const trace = new RunTrace();
    trace.append([step(1, 1), step(2, 2), step(3, 3), evaluation(2, 0.5)]);
    trace.append([step(2, 20), evaluation(2, 0.7)]);
    expect([...trace.steps.view('step')]).toEqual([1, 2]);
    expect([...trace.steps.view('loss')]).toEqual([1, 20]);
    expect([...trace.evaluations.view('accuracy')]).toEqual([0.7]);
  });

  it('says a repeated finding once, with its count and first step', () => {
    const trace = new RunTrace();
    trace.append([warning(100), warning(200)]);
    expect(trace.findings).toMatchObject([{ step: 200, firstStep: 100, times: 2 }]);
  });

  it('takes a step as the end of compiling or evaluating', () => {
    const trace = new RunTrace();
    trace.append([{ type: 'phase', phase: 'compile', done: 2, total: 2 }]);
    expect(trace.phase?.phase).toBe('compile');
    trace.append([step(1)]);
    expect(trace.phase).toBeNull();
  });

  it('keeps every note once and the newest checkpoint of each kind', () => {
    const trace = new RunTrace();
    const phase = { type: 'phase', phase: 'tokenise', done: 1, total: 2, note: '3 pairs cut' } as const;
    const checkpoint = { type: 'checkpoint', kind: 'last', path: '/run', sha256: 'ab', bytes: 1 } as const;
    trace.append([
      phase,
      phase,
      { ...checkpoint, step: 1 },
      { ...checkpoint, step: 2 },
      { ...checkpoint, kind: 'best', step: 1 },
    ]);
    expect(trace.notes).toEqual(['3 pairs cut']);
    expect(trace.checkpoints.map(({ kind, step: at }) => `${kind} ${at}`)).toEqual(['last 2', 'best 1']);
  });
});
