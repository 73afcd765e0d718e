import { expect, it } from 'vitest';
import { formatPlace, parsePlace } from './screen.ts';

it('reads back the place it wrote', () => {
  expect(parsePlace(formatPlace('codes', { run: '3', code: '7' }))).toEqual({
    screen: 'codes',
    params: { run: '3', code: '7' },
  });
});

it('opens the library for an address it does not know, a token among them', () => {
  for (const hash of ['', '#', '#token=abc', '#/nowhere', '#/annotate/1']) {
    expect(parsePlace(hash).screen).toBe('library');
  }
});
