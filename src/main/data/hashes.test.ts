import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message } from '#core/preference.ts';
import { pairHash, promptHash, responseHash } from './hashes.ts';

/** What the hashes of stored projects are, by definition. */
const ofValue = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('binary').slice(0, 16);
const base64 = (hash: string): string => Buffer.from(hash, 'latin1').toString('base64');

it('hashes a prompt of one text as any other: over roles and texts as JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('user', 'system'), (content, role) => {
      const messages: Message[] = [{ role, content }];
      expect(promptHash(messages)).toBe(ofValue([[role, content]]));
      expect(promptHash([...messages, ...messages])).toBe(
        ofValue([
          [role, content],
          [role, content],
        ]),
      );
    }),
  );
  const named: Message = { role: 'user', content: 'x', name: 'Ann' };
  expect(promptHash([named])).toBe(ofValue([['user', 'x', { name: 'Ann' }]]));
  expect(promptHash([{ ...named, name: undefined }])).toBe(ofValue([['user', 'x']]));
});

it('takes a call for the same, whether its arguments are text or an object', () => {
  const calling = (given: unknown): Message[] => [
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ type: 'function', function: { name: 'w', arguments: given } }],
    },
  ];
  const asObject = promptHash(calling({ city: 'Oslo' }));
  expect(promptHash(calling('{ "city": "Oslo" }'))).toBe(asObject);
  expect(promptHash(calling('{"city": "Rome"}'))).not.toBe(asObject);
  expect(promptHash(calling('{"city": '))).not.toBe(promptHash(calling('{')));
  expect(responseHash('read out', calling('{"n": 9007199254740993}'))).not.toBe(
    responseHash('read out', calling('{"n": 9007199254740992}')),
  );
});

it('hashes a pair over prompt, replies in either order, aspect and occurrence', () => {
  const [prompt, one, other] = ['p', 'q', 'r'].map((text) => responseHash(text)) as [string, string, string];
  const [first, second] = one <= other ? [one, other] : [other, one];
  for (const aspect of [null, 'help "me"\n', '礼貌']) {
    const expected = ofValue([base64(prompt), base64(first), base64(second), aspect, 3]);
    expect(pairHash(prompt, [one, other], aspect, 3)).toBe(expected);
    expect(pairHash(prompt, [other, one], aspect, 3)).toBe(expected);
  }
});
