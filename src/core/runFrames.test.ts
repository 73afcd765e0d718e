import { expect, it } from 'vitest';
import { type EvaluationFrame, trlMetrics } from './runFrames.ts';

it('gives figures TRL’s names where TRL has one, and leaves out what is null', () => {
  const frame = {
    type: 'evaluation',
    step: 3,
    loss: 0.5,
    accuracy: 0.75,
    margin: 1,
    rewardChosen: 0.25,
    logpRejected: -9,
    codePerplexity: 4,
    nmiSource: null,
  } as unknown as EvaluationFrame;
  expect(trlMetrics(frame)).toEqual({
    step: 3,
    eval_loss: 0.5,
    'eval_rewards/accuracies': 0.75,
    'eval_rewards/margins': 1,
    'eval_rewards/chosen': 0.25,
    'eval_logps/rejected': -9,
    eval_codePerplexity: 4,
  });
});
