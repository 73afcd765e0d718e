import { expect, it } from 'vitest';
import { goldWords } from './goldWords.ts';

it('names the side as it was shown, and the reason', () => {
  const told = { pairId: 1, isRight: false, answer: 'b', reason: 'It is true.' } as const;
  expect(goldWords(told, 'b')).toEqual({
    title: 'Not the known answer',
    message: 'The left reply is better. It is true.',
  });
  expect(goldWords(told, 'a').message).toBe('The right reply is better. It is true.');
  expect(goldWords({ ...told, isRight: true, answer: 'both_bad', reason: null }, 'a')).toEqual({
    title: 'As the known answer',
    message: 'Both are bad.',
  });
});
