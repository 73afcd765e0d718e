import { expect, it } from 'vitest';
import { abridged, changedParts } from './changedParts.ts';

const side = (parts: ReturnType<typeof changedParts>, without: 'added' | 'removed') =>
  parts.flatMap(({ kind, text }) => (kind === without ? [] : [text])).join('');

it('holds both texts, whatever changed', () => {
  const texts = [
    '',
    'One.\nTwo.',
    'One.\n\nTwo, and a half.',
    'Prefer what is true.\n- a\n- b\n',
    'ünïcödé 🙂 b',
  ];
  for (const before of texts)
    for (const after of texts) {
      const parts = changedParts(before, after);
      expect(side(parts, 'added')).toBe(before);
      expect(side(parts, 'removed')).toBe(after);
    }
});

it('marks words, not whole paragraphs', () => {
  expect(changedParts('Prefer the short reply.', 'Prefer the true reply.')).toEqual([
    { kind: 'same', text: 'Prefer the ' },
    { kind: 'removed', text: 'short' },
    { kind: 'added', text: 'true' },
    { kind: 'same', text: ' reply.' },
  ]);
});

it('leaves out what is far from any change', () => {
  const long = 'x '.repeat(500);
  const parts = abridged(changedParts(`${long}old ${long}`, `${long}new ${long}`));
  expect(parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
  expect(parts[0]?.text.startsWith('…')).toBe(true);
  expect(parts[0]?.text.length).toBe(161);
  expect(parts[3]?.text.endsWith('…')).toBe(true);
  expect(abridged(changedParts('short', 'short'))).toEqual([{ kind: 'same', text: 'short' }]);
});
