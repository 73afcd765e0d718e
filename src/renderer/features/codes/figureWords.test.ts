import { expect, it } from 'vitest';
import { agreementWords, gainWords } from './figureWords.ts';

it('calls a gain one where its interval lies above nothing alone', () => {
  expect(gainWords({ value: 0.08, low: 0.02, high: 0.14 })).toEqual({ text: '+0.08', tone: 'good' });
  expect(gainWords({ value: 0.08, low: -0.02, high: 0.18 })).toEqual({ text: '+0.08', tone: 'plain' });
  expect(gainWords({ value: -0.08, low: -0.14, high: -0.02 })).toEqual({ text: '−0.08', tone: 'bad' });
});

it('never shows an agreement alone', () => {
  const evidence = { prompts: 10, nmi: 0.82, untrainedNmi: 0.45, probe: 0.98, commonest: 0.5 };
  expect(agreementWords(evidence)).toBe('NMI(code, source) 0.82 · untrained 0.45 · linear probe 0.98');
  expect(agreementWords({ ...evidence, probe: null })).toBe('NMI(code, source) 0.82 · untrained 0.45');
});
