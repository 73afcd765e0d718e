import { expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { dryRunLines } from './dryRunLines.ts';
import { cautionLines } from './runSettings.ts';

const ESTIMATE = {
  peakBytes: 3 * 1024 ** 3,
  memoryBytes: 12 * 1024 ** 3,
  trainableParameters: 12_345,
  pairs: 200,
  pairsCut: 30,
  tokens: 900,
  tokensCut: 100,
  equalIds: ['17', '23'],
  steps: 400,
  pairsPerStep: 7.6,
  secondsTotal: 7200,
};

it('says what a run would take, cut and leave out', () => {
  expect(dryRunLines(DEFAULT_RUN, ESTIMATE)).toEqual([
    'LPC-DPO, lora, 400 steps of about 8 pairs; nothing is trained',
    'pairs: 200; 2 are left out, whose replies are the same once cut: 17, 23',
    'cut: 30 of 200 pairs, losing 100 of 1,000 tokens (10.0 %)',
    'trained parameters: 12,345',
    'memory: about 3.00 GiB of 12.00 GiB',
    'time: about 2.0 h',
  ]);
  expect(dryRunLines(DEFAULT_RUN, { ...ESTIMATE, secondsTotal: null }).at(-1)).toContain('not measured');
});

it('says what is most likely not meant by the flag that would mend it', () => {
  const robust = { ...DEFAULT_RUN, objective: 'robust-dpo' as const, steps: 10 };
  expect(cautionLines(robust, { layers: 4, chatTemplate: true })).toEqual([
    'caution: --set labelSmoothing: With no label taken to be wrong, robust DPO is plain DPO. Usual: --set labelSmoothing=0.1',
    'caution: --set warmupSteps: The rate is still rising for more than half of the 10 steps. Usual: --set warmupSteps=1',
  ]);
  const bare = { layers: 4, chatTemplate: false };
  expect(cautionLines(DEFAULT_RUN, bare)).toEqual([
    expect.stringMatching(/^caution: --chat-template: This model brings no .* Usual: --chat-template plain$/),
  ]);
  expect(cautionLines({ ...DEFAULT_RUN, chatTemplate: 'chatml' }, bare)).toEqual([]);
});
