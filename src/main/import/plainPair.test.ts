import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainPair } from './plainPair.ts';
import { readRow } from './readRow.ts';

const texts = [
  'Why is the sky blue?',
  'Why',
  'Why is the sky blue? Because of the air.',
  '',
  '  ',
  ' padded ',
  'Human: Hi\n\nAssistant: Hello\n\nHuman: And?',
  '\n\nHuman: Hi\n\nAssistant:',
  'A text with\n\nHuman: inside',
  'System: be brief\n\nHuman: Hi\n\nAssistant:',
  '[{"role":"user","content":"Hi"}]',
  '["one"]',
  ' [1]',
  '<|im_start|>user\nHi',
  '[INST] Hi',
  '<b>bold</b>',
  '我的时钟慢了',
];
const text = fc.constantFrom(...texts);
const other = fc.constantFrom<unknown>(null, 0, 7, -0, '', 'tie', 'x'.repeat(121), ['a'], { a: 1 }, true);
const field = fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: other });
const row = fc.record(
  {
    prompt: field,
    chosen: field,
    rejected: field,
    id: fc.oneof(text, other),
    source: fc.oneof(text, other),
    label: other,
    system: text,
    messages: other,
    score_chosen: other,
    aspect: text,
  },
  { requiredKeys: [] },
);

it('reads a row as the shapes do, or leaves it to them', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(row, fc.record({ prompt: text, chosen: text, rejected: text })), (value) => {
      const plain = plainPair(value);
      if (!plain) return;
      read += 1;
      // A rule that says nothing sends the row to the shapes.
      expect(plain).toEqual(readRow(value, { map: {} }));
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(100);
});
