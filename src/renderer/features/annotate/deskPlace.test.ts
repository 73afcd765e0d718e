import { expect, it } from 'vitest';
import { askedPair, filterParams, scopeOf, scopeParams } from './deskPlace.ts';

it('reads back the filter whose address it wrote', () => {
  const filter = { text: 'refund, please', sourceId: 3, status: 'skipped' as const };
  expect(scopeOf(filterParams(filter))).toEqual({ filter, includeSkipped: false });
  const all = { text: '', sourceId: null, status: 'all' as const };
  expect(filterParams(all)).toEqual({});
  expect(scopeOf({})).toEqual({ filter: null, includeSkipped: false });
  expect(scopeOf({ skipped: '1' })).toEqual({ filter: null, includeSkipped: true });
});

it('tells a pair that can be none from none asked for', () => {
  expect(askedPair({})).toBeNull();
  expect(askedPair({ pair: '12' })).toBe(12);
  for (const pair of ['', 'abc', '-1', '1.5', '1e99']) expect(askedPair({ pair })).toBeUndefined();
});

it('leaves the pair out of what comes after it', () => {
  expect(scopeParams({ pair: '7', text: 'a', status: '', other: 'x' })).toEqual({ text: 'a' });
});
