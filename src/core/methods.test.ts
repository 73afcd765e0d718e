import { expect, it } from 'vitest';
import { accuracyName, codesOf, hasPosterior, methodName, whyWithoutCodes } from './methods.ts';

const of = (kind: 'codebook' | 'gaussian' | 'mlp' | 'bias') =>
  ({ objective: 'dpo', latent: { kind, codes: 8, posterior: 'network' } }) as const;
const PLAIN = { objective: 'simpo', latent: null } as const;

it('answers each question about a method once, controls included', () => {
  const answers = [PLAIN, of('codebook'), of('gaussian'), of('mlp'), of('bias')].map((config) => [
    methodName(config),
    codesOf(config),
    hasPosterior(config),
    accuracyName(config),
    whyWithoutCodes(config),
  ]);
  const control = (is: string) => `it is a control whose latent is ${is}, without a codebook`;
  expect(answers).toEqual([
    ['SimPO', null, false, 'accuracy', 'it was trained without a latent, as a baseline is'],
    ['LPC-DPO', 8, true, 'prior accuracy', null],
    ['DPO + Gaussian latent', null, true, 'prior accuracy', control('a Gaussian')],
    ['DPO + MLP of the prompt', null, false, 'accuracy', control('a network of the prompt')],
    ['DPO + free bias', null, false, 'accuracy', control('one vector for all prompts')],
  ]);
});
