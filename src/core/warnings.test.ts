import { describe, expect, it } from 'vitest';
import { ROBUST_RUN } from './presets.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type LatentConfig, type RunConfig } from './runConfig.ts';
import type { EvaluationFrame, StepFrame } from './runFrames.ts';
import { evaluationFrame, stepFrame } from './testFrames.ts';
import { diagnose, nonFiniteField, notFinite } from './warnings.ts';

const HEALTHY = evaluationFrame();
const STEP = stepFrame({ loss: Math.LN2, kl: 0 });
const steps = (kl: number): StepFrame[] =>
  Array.from({ length: 10 }, (_, index) => ({ ...STEP, kl, step: STEP.step + index + 1 }));
const codes = (evaluations: Partial<EvaluationFrame>[], kl = 0.1, config: RunConfig = DEFAULT_RUN) =>
  diagnose({
    config,
    steps: steps(kl),
    evaluations: evaluations.map((changed) => ({ ...HEALTHY, ...changed })),
  }).map(({ code }) => code);

describe('diagnose', () => {
  it('finds nothing in a healthy run', () => {
    expect(codes([{}, {}, {}])).toEqual([]);
    expect(codes([])).toEqual([]);
  });
  it('code collapse: one code above 80 %', () => {
    expect(codes([{ topCodeShare: 0.81 }])).toEqual(['code-collapse']);
    expect(codes([{ topCodeShare: 0.8 }])).toEqual([]);
  });
  // ln 7.9 = 2.067: prompts tell nothing apart.
  const idle = { codePerplexity: 7.9, promptEntropy: 2.05 };
  it('posterior collapse: no KL, and codes that tell nothing', () => {
    expect(codes([{ ...idle, kl: 1e-4 }])).toEqual(['posterior-collapse']);
    // Codes that mean something and a posterior that agrees with the prior: well, dead codes or not.
    expect(codes([{ kl: 1e-4, deadCodes: 28 }])).toEqual([]);
  });
  it('idle codes: a KL, and codes that tell nothing', () => {
    expect(codes([idle])).toEqual(['idle-codes']);
    expect(codes([{ ...idle, promptEntropy: 1.9 }])).toEqual([]);
  });
  it('transfer failed: the posterior far above the prior', () => {
    expect(codes([{ posteriorAccuracy: 0.95, accuracy: 0.7 }])).toEqual(['transfer-failed']);
    expect(codes([{ posteriorAccuracy: 0.95, accuracy: 0.76 }])).toEqual([]);
  });
  it('accuracy stuck: no better than a coin flip', () => {
    expect(codes([{ accuracy: 0.52, posteriorAccuracy: null }])).toEqual(['accuracy-stuck']);
    expect(codes([{ accuracy: 0.56, posteriorAccuracy: null }])).toEqual([]);
  });
  it('KL blow-up: beyond ln 32 = 3.47', () => {
    expect(codes([{}], 3.5)).toEqual(['kl-blow-up']);
    expect(codes([{}], 3.4)).toEqual([]);
  });
  describe('a Gaussian latent', () => {
    const latent: LatentConfig = { ...DEFAULT_LATENT, kind: 'gaussian', klWeight: 0.1 };
    const config: RunConfig = { ...DEFAULT_RUN, latent };
    const none = { codePerplexity: null, promptEntropy: null, topCodeShare: null, deadCodes: null };
    it('blows up where λ·KL exceeds ln 2, whatever K says', () => {
      expect(codes([none], 7, config)).toEqual(['kl-blow-up']);
      expect(codes([none], 6.9, config)).toEqual([]);
    });
    it('collapses where its KL is gone after half of the run', () => {
      expect(codes([{ ...none, kl: 1e-4 }], 0.1, config)).toEqual(['posterior-collapse']);
      expect(codes([{ ...none, kl: 1e-4, step: 100 }], 0.1, config)).toEqual([]);
    });
  });
  it('each finding says what to do', () => {
    const history = { config: DEFAULT_RUN, steps: [], evaluations: [{ ...HEALTHY, topCodeShare: 0.9 }] };
    for (const { message, fix } of diagnose(history)) {
      expect(message).toMatch(/[.]$/);
      expect(fix.length).toBeGreaterThan(20);
    }
  });
  it('sees the chosen reward falling only while the margin grows', () => {
    const falling = [0.5, -0.5, -1.5].map((rewardChosen, index) => ({ rewardChosen, margin: index }));
    expect(codes(falling)).toEqual(['chosen-falling']);
    expect(codes(falling.map((evaluation) => ({ ...evaluation, margin: 1 })))).toEqual([]);
  });
  it('passes over a chosen reward that falls by next to nothing beside the margin', () => {
    const falling = (last: number) =>
      [0.2, 0.1, last].map((rewardChosen, index) => ({ rewardChosen, margin: 2.5 * index }));
    expect(codes(falling(-0.004))).toEqual([]);
    expect(codes(falling(-0.49))).toEqual([]);
    expect(codes(falling(-0.51))).toEqual(['chosen-falling']);
  });
  describe('at once, with one thing to do', () => {
    const own: RunConfig = { ...DEFAULT_RUN, latent: { ...DEFAULT_LATENT, klWeight: 0.05 } };
    const found = (config: RunConfig, first: Partial<StepFrame>, evaluation: Partial<EvaluationFrame> = {}) =>
      diagnose({
        config,
        steps: [{ ...STEP, loss: Math.LN2, ...first }],
        evaluations: [{ ...HEALTHY, step: 20, ...evaluation }],
      });
    it('a first loss off ln 2 either way, but for λ·KL', () => {
      expect(found(own, { loss: 8.38 })[0]).toMatchObject({
        code: 'first-loss',
        fix: expect.stringContaining('Robust'),
      });
      expect(found(own, { loss: 0.6 })[0]).toMatchObject({ code: 'first-loss' });
      expect(found(own, { loss: 0.65 })).toEqual([]);
      expect(found(own, { loss: 0.79, kl: 1 })).toEqual([]);
      expect(found(own, { loss: 0.8, kl: 1 })).toHaveLength(1);
      expect(found(own, { loss: 8, step: 2 })).toEqual([]);
      expect(found({ ...own, objective: 'simpo' }, { loss: 8 })).toEqual([]);
      expect(found({ ...own, latent: null }, { loss: 8 })).toEqual([]);
    });
    it('logits moved by more than three nats, whatever the loss', () => {
      for (const loss of [1, 0.2])
        expect(found(own, {}, { logitShift: 6.5, loss })[0]).toMatchObject({
          code: 'logits-moved',
          fix: expect.stringContaining('Robust'),
        });
      expect(found(own, {}, { logitShift: 2.9, loss: 1 })).toEqual([]);
      const fixUnder = (beta: number) =>
        found({ ...ROBUST_RUN, beta }, {}, { logitShift: 6.5, posteriorAccuracy: null })[0]?.fix;
      expect(fixUnder(0.1)).toMatch(/^Raise β to 1/);
      expect(fixUnder(1)).toMatch(/^Lower the rates of the heads/);
    });
    it('collapse on the first evaluation; under the robust setting the fix is another', () => {
      const [raw] = found(own, {}, { topCodeShare: 0.97 });
      expect(raw).toMatchObject({ code: 'code-collapse', fix: expect.stringContaining('preset Robust') });
      const [warm] = found(ROBUST_RUN, {}, { topCodeShare: 0.97, posteriorAccuracy: null });
      expect(warm).toMatchObject({ code: 'code-collapse', fix: expect.stringContaining('free bias') });
    });
    it('never the bonus, nor a higher rate', () => {
      for (const { fix } of found(
        own,
        { loss: 9 },
        { topCodeShare: 0.97, accuracy: 0.5, logitShift: 9, loss: 2 },
      ))
        expect(fix).not.toMatch(/bonus|[Rr]aise the (learning )?rate/);
    });
  });
  describe('one thing to do, after what was trained', () => {
    const fixOf = (config: RunConfig, evaluations: Partial<EvaluationFrame>[], kl = 0.1): string[] =>
      diagnose({
        config,
        steps: steps(kl),
        evaluations: evaluations.map((changed) => ({ ...HEALTHY, ...changed })),
      }).map(({ fix }) => fix);
    const withPosterior: RunConfig = {
      ...ROBUST_RUN,
      latent: ROBUST_RUN.latent && { ...ROBUST_RUN.latent, posterior: 'network' },
    };
    const gaussian: RunConfig = { ...DEFAULT_RUN, latent: { ...DEFAULT_LATENT, kind: 'gaussian' } };
    const none = { codePerplexity: null, promptEntropy: null, topCodeShare: null, deadCodes: null };
    it('where the posterior knows more than the prior', () => {
      const gap = { posteriorAccuracy: 0.95, accuracy: 0.7 };
      expect(fixOf(DEFAULT_RUN, [gap])).toEqual([expect.stringContaining('preset Robust')]);
      expect(fixOf(withPosterior, [gap])).toEqual([expect.stringMatching(/^Set the posterior to “none”/)]);
      expect(fixOf(gaussian, [{ ...none, ...gap }])).toEqual([expect.stringMatching(/“prior only”/)]);
      expect(fixOf(withPosterior, [{}], 9)).toEqual([expect.stringMatching(/^Set the posterior to “none”/)]);
    });
    it('where the chosen reply loses too', () => {
      const falling = [0.5, -0.5, -1.5].map((rewardChosen, margin) => ({ rewardChosen, margin }));
      const robust: RunConfig = { ...ROBUST_RUN, trainable: 'heads' };
      expect(fixOf({ ...robust, beta: 0.1 }, falling)).toEqual([expect.stringMatching(/^Raise β to 1/)]);
      expect(fixOf(robust, falling)).toEqual([expect.stringMatching(/^Lower the rates of the heads/)]);
      expect(fixOf({ ...DEFAULT_RUN, latent: null, trainable: 'full' }, falling)).toEqual([
        'Lower the learning rate to a third.',
      ]);
    });
    it('never two', () => {
      const ill = {
        topCodeShare: 0.97,
        accuracy: 0.5,
        posteriorAccuracy: 0.9,
        logitShift: 9,
        loss: 2,
        kl: 1e-4,
      };
      for (const config of [DEFAULT_RUN, ROBUST_RUN, withPosterior, gaussian])
        for (const fix of fixOf(config, [ill, { ...ill, loss: 3 }], 40))
          expect(fix).not.toMatch(/, or | or (lower|raise|stop|train)\b/i);
    });
  });
  it('waits for half of the run before it calls accuracy stuck', () => {
    expect(codes([{ accuracy: 0.5, posteriorAccuracy: null, step: 100 }])).toEqual([]);
  });
});

describe('nonFiniteField', () => {
  it('names the field', () => {
    expect(nonFiniteField({ loss: 1, kl: null, gradNorm: Number.POSITIVE_INFINITY })).toBe('gradNorm');
    expect(nonFiniteField({ loss: 1 })).toBeNull();
    expect(notFinite(7, 'loss', Number.NaN, null).message).toBe(
      'Training broke down at step 7: loss is NaN. No checkpoint had been written yet.',
    );
  });
});
