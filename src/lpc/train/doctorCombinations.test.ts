/** Whatever goes wrong at once or one after the other: no two things that a run is told to try pull apart, and each can be tried. */
import { expect, it } from 'vitest';
import { codesOf, hasPosterior } from '#core/methods.ts';
import { ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, WarningFrame } from '#core/runFrames.ts';
import { evaluationFrame, stepFrame } from '#core/testFrames.ts';
import { runDoctor } from './doctor.ts';

const latentOf = (changed: Partial<typeof DEFAULT_LATENT>) => ({ ...DEFAULT_LATENT, ...changed });
const CONFIGS: readonly (readonly [string, RunConfig])[] = [
  ['codes as in the paper', DEFAULT_RUN],
  ['codes, heads alone', { ...DEFAULT_RUN, trainable: 'heads' }],
  ['codes, IPO', { ...DEFAULT_RUN, objective: 'ipo' }],
  ['robust', ROBUST_RUN],
  ['robust, heads alone', { ...ROBUST_RUN, trainable: 'heads' }],
  ['robust, small β', { ...ROBUST_RUN, beta: 0.1 }],
  [
    'robust with a posterior',
    { ...ROBUST_RUN, latent: ROBUST_RUN.latent && { ...ROBUST_RUN.latent, posterior: 'network' } },
  ],
  ['Gaussian', { ...DEFAULT_RUN, latent: latentOf({ kind: 'gaussian', klWeight: 0.1 }) }],
  ['Gaussian, heads alone', { ...DEFAULT_RUN, trainable: 'heads', latent: latentOf({ kind: 'gaussian' }) }],
  [
    'Gaussian, prior only',
    { ...DEFAULT_RUN, latent: latentOf({ kind: 'gaussian', priorShare: 'prior-only' }) },
  ],
  ['Gaussian, KL free', { ...DEFAULT_RUN, latent: latentOf({ kind: 'gaussian', klWeight: 0 }) }],
  ['MLP', { ...DEFAULT_RUN, trainable: 'heads', latent: latentOf({ kind: 'mlp' }) }],
  ['plain', { ...DEFAULT_RUN, latent: null, trainable: 'full' }],
];

/** What can be wrong with an evaluation, each alone harmless to the others. */
const ILLS: readonly Partial<EvaluationFrame>[] = [
  { logitShift: 6.5 },
  { topCodeShare: 0.95 },
  { kl: 1e-4 },
  { codePerplexity: 7.9, promptEntropy: 2.05 },
  { posteriorAccuracy: 0.95, accuracy: 0.5 },
  { loss: 0.9 },
  { rewardChosen: -2, margin: 3 },
];
const FIRST_LOSSES = [Math.LN2, 0.9];
const KLS = [0.1, 9];

/** The ills whose bits are set. */
const illsOf = (bits: number): Partial<EvaluationFrame> =>
  Object.assign({}, ...ILLS.filter((_, index) => bits & (1 << index)));

function saidOf(config: RunConfig, bits: number, firstLoss: number, kl: number): WarningFrame[] {
  const doctor = runDoctor(config);
  const said: WarningFrame[] = [];
  const none =
    codesOf(config) === null ? { codePerplexity: null, promptEntropy: null, topCodeShare: null } : {};
  // Without a posterior there is no KL, without a latent nothing moves the logits.
  const isLearnt = hasPosterior(config);
  const posterior = isLearnt ? {} : { posteriorAccuracy: null, kl: 0 };
  for (let step = 1; step <= 12; step += 1)
    said.push(
      ...doctor.afterStep(
        stepFrame({ step, loss: step === 1 ? firstLoss : 0.3, kl: isLearnt ? kl : 0, preferenceLoss: 0.3 }),
      ),
    );
  // Well at first, then falling ill, with the losses of a policy that was better or was not.
  const evaluations: Partial<EvaluationFrame>[] = [
    { loss: 0.6, rewardChosen: 0.5, margin: 0 },
    { loss: 0.62, rewardChosen: 0.1, margin: 1 },
    illsOf(bits & 0b1010101),
    illsOf(bits),
  ];
  for (const [index, changed] of evaluations.entries())
    said.push(
      ...doctor.afterEvaluation(
        evaluationFrame({ step: (config.steps * (index + 1)) / 4, ...changed, ...none, ...posterior }),
      ),
    );
  return said;
}

/** Directions in which a remedy moves a setting. */
const MOVES: readonly (readonly [RegExp, string, -1 | 1])[] = [
  [/^Raise β/, 'beta', 1],
  [/^Lower the rates? of the heads/, 'heads rate', -1],
  [/^Lower the learning rate/, 'rate', -1],
  [/^Lower the KL weight/, 'kl', -1],
  [/^(Train for|Stop where)/, 'steps', -1],
  [/^Set the posterior to/, 'posterior', -1],
  [/prior only/, 'share', 1],
  [/^Choose the preset Robust/, 'preset', 1],
  [/^Train (a free bias|the control)/, 'control', 1],
  [/^Check the labels/, 'labels', 1],
];
const moveOf = (fix: string) =>
  MOVES.find(([pattern]) => pattern.test(fix.replace('First, one thing at a time: ', '')));
/** Remedies that undo or mistake each other where both are tried. */
const APART: readonly (readonly [string, string])[] = [
  ['kl', 'heads rate'],
  ['kl', 'share'],
  ['kl', 'posterior'],
  ['steps', 'rate'],
  ['steps', 'heads rate'],
  ['beta', 'heads rate'],
];

it.each(CONFIGS)('%s', (_, config) => {
  for (let bits = 0; bits < 1 << ILLS.length; bits += 1)
    for (const firstLoss of FIRST_LOSSES)
      for (const kl of KLS) {
        const said = saidOf(config, bits, firstLoss, kl);
        const words = said.map(({ code, fix }) => `${code}: ${fix}`).join(' | ');
        const moves = said.map(({ fix }) => {
          const move = moveOf(fix);
          expect(move, fix).toBeDefined();
          return (move as NonNullable<typeof move>)[1];
        });
        for (const [one, other] of APART)
          expect(moves.includes(one) && moves.includes(other), words).toBe(false);
        expect(new Set(said.map(({ code }) => code)).size, words).toBe(said.length);
        expectToBePossible(config, moves, words);
      }
});

/** Nothing is advised that the run has already, or does not have. */
function expectToBePossible(config: RunConfig, moves: readonly string[], words: string): void {
  const { latent, trainable } = config;
  if (moves.includes('beta')) expect(config.beta, words).toBeLessThan(1);
  if (moves.includes('heads rate')) expect(latent, words).not.toBeNull();
  if (moves.includes('rate')) expect(trainable, words).not.toBe('heads');
  if (moves.includes('posterior')) expect(hasPosterior(config), words).toBe(true);
  if (moves.includes('share')) expect(latent?.priorShare, words).not.toBe('prior-only');
  if (moves.includes('kl')) expect(latent?.klWeight, words).toBeGreaterThan(0);
  if (moves.includes('preset')) expect(latent?.warmStart, words).toBe(false);
}
