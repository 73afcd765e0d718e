import { expect, it } from 'vitest';
import type { EncodedPair } from './encode.ts';
import { equalRepliesWarning, namesOf, withoutEqualReplies } from './equalReplies.ts';

const pair = (pairId: string, chosen: number[], rejected: number[]): EncodedPair => ({
  pairId,
  promptId: pairId,
  prompt: Int32Array.of(1),
  chosen: Int32Array.from(chosen),
  rejected: Int32Array.from(rejected),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
});

it('leaves out by name what is equal token by token, and keeps a reply that only begins like the other', () => {
  const encoded = [pair('a', [1, 2], [1, 2]), pair('b', [1, 2], [1, 3]), pair('c', [1, 2], [1, 2, 3])];
  const { differing, equalIds } = withoutEqualReplies(encoded);
  expect(differing.map(({ pairId }) => pairId)).toEqual(['b', 'c']);
  expect(equalIds).toEqual(['a']);
  expect(equalRepliesWarning(equalIds, 3, 256)).toMatchObject({
    code: 'pairs-equal',
    message: expect.stringContaining('1 of 3 pairs'),
    suggestion: { field: 'maxReplyTokens', value: 512 },
  });
  expect(equalRepliesWarning([], 3, 256)).toBeNull();
});

it('names twenty and counts the rest', () => {
  const ids = Array.from({ length: 23 }, (_, at) => String(at + 1));
  expect(namesOf(ids)).toMatch(/^pairs 1, 2, .*, 20 and 3 more$/);
  expect(namesOf(['7'])).toBe('pair 7');
});
