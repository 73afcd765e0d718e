import { describe, expect, it } from 'vitest';
import type { EvaluationFrame } from '#core/runFrames.ts';
import { plainEvaluation } from '#core/testFrames.ts';
import { accuracyInterval, type DemoFigures, methodFigures } from './demoFigures.ts';
import { demoReport } from './demoReport.ts';

const frame = plainEvaluation({
  step: 10,
  pairs: 160,
  accuracy: 0.95,
  margin: 1.25,
});
const run = { engine: 'onnx-cpu', seconds: 12, seed: 1 };

function figures(
  changes: Partial<DemoFigures> = {},
  latentFrame: Partial<EvaluationFrame> = {},
): DemoFigures {
  const latent = { ...frame, kl: 0.125, codePerplexity: 7.5, nmiSource: 0.8, ...latentFrame };
  return {
    data: 'sample.jsonl',
    model: 'Starter',
    pairs: 1120,
    prompts: 937,
    sources: 8,
    seed: 1,
    steps: 400,
    headsFirstSteps: 200,
    methods: [methodFigures('DPO', run, frame), methodFigures('LPC-DPO', run, latent)],
    codes: 32,
    perplexity: 7.6,
    nmiAllPrompts: 0.81,
    causes: {
      pairs: 161,
      groupedBy: 'source',
      reason: null,
      recovery: 0.62,
      gainOverOneCode: { value: 0.31, low: 0.24, high: 0.39 },
      gainOverOff: null,
      gainOverShared: null,
      codes: [
        {
          code: 3,
          serves: 'Weather',
          effects: [
            {
              group: 'Recipes',
              pairs: 20,
              accuracy: 0.12,
              low: 0,
              high: 0.3,
              margin: -1,
              pinnedAccuracy: 0.5,
            },
            { group: 'Weather', pairs: 20, accuracy: 0.98, low: 0.9, high: 1, margin: 2, pinnedAccuracy: 1 },
          ],
        },
      ],
    },
    strongest: [
      {
        code: 4,
        share: 0.25,
        prompts: 200,
        sources: [
          { source: 'Weather', share: 0.75 },
          { source: 'Recipes', share: 0.25 },
          { source: 'Measures', share: 0.001 },
        ],
        keywords: ['forecast'],
        topPrompts: [{ text: 'Will it\nrain?', source: 'Weather', weight: 0.99 }],
      },
    ],
    warning: null,
    seconds: 100,
    ...changes,
  };
}

describe('accuracyInterval', () => {
  it('holds the accuracy, is the same for the same seed, and narrows with more pairs', () => {
    const few = accuracyInterval(0.8, 40, 1);
    const many = accuracyInterval(0.8, 640, 1);
    expect(accuracyInterval(0.8, 40, 1)).toEqual(few);
    expect(few.low).toBeLessThan(0.8);
    expect(few.high).toBeGreaterThan(0.8);
    // Standard errors √(0.16/40) = 0.063 and √(0.16/640) = 0.016.
    expect(few.high - few.low).toBeGreaterThan(3 * (many.high - many.low));
  });

  it('has no width where every pair is right', () => {
    expect(accuracyInterval(1, 50, 3)).toEqual({ low: 1, high: 1 });
  });
});

describe('methodFigures', () => {
  it('leaves the figures of codes empty where there are none', () => {
    const plain = methodFigures('DPO', run, frame);
    expect(plain.kl).toBeNull();
    expect(plain.codePerplexity).toBeNull();
  });
});

describe('demoReport', () => {
  it('shows both methods under the same columns, codes with their sources, and no line breaks of prompts', () => {
    const report = demoReport(figures());
    expect(report).toContain('causal recovery 0.620 by source, on 161 held-out pairs');
    expect(report).toMatch(/under code 3 alone: Recipes 12(\.0)? %, Weather 98(\.0)? %; serves Weather/);
    expect(report).toMatch(/^DPO +0\.950 \(0\.\d{3}–0\.\d{3}\) +1\.250 +– +– +– +12 s$/m);
    expect(report).toMatch(/^LPC-DPO +0\.950 \(.*\) +1\.250 +0\.125 +7\.50 +0\.800 +12 s$/m);
    expect(report).toContain('sources: Weather 75 %, Recipes 25 %\n');
    expect(report).toContain('0.99  Will it rain?  [Weather]');
    expect(report).toContain('The codes follow the sources: NMI(code; source) 0.810');
    expect(report).toContain('no difference in accuracy');
    expect(report).toContain('for its first 200 steps');
  });

  it('says so where the codes are idle, and where one method is ahead', () => {
    const report = demoReport(figures({ warning: 'The codes are idle.' }, { accuracy: 0.5 }));
    expect(report).toContain('The codes are idle.');
    expect(report).not.toContain('follow the sources');
    expect(report).toContain('DPO is ahead beyond the intervals');
  });

  it('claims nothing about sources where there is one', () => {
    expect(demoReport(figures({ sources: 1 }))).toContain('There is only one source');
  });

  it('does not take an interval without width for certainty', () => {
    // Rule of three: 3/160 = 1.9 %.
    expect(demoReport(figures({}, { accuracy: 1 }))).toContain('up to 1.9 % of errors are not ruled out');
    expect(demoReport(figures())).not.toContain('ruled out');
  });

  it('warns that a posterior which reads the label is no accuracy', () => {
    const report = demoReport(figures({}, { posteriorAccuracy: 0.99, swappedAccuracy: 0.2 }));
    expect(report).toContain('it reads the label');
  });
});
