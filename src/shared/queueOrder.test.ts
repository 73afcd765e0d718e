import { expect, it } from 'vitest';
import { formatOrder, parseOrder } from './queueOrder.ts';

it.each(['random:7', 'least', 'sources:1=3,2=0.5', 'need:4:margin', 'need:4:any:best'])(
  'reads %s and writes it again',
  (text) => {
    const order = parseOrder(text);
    expect(order).not.toBeNull();
    expect(order && formatOrder(order)).toBe(text);
  },
);

it('takes all needs together where none is named, and nothing that is no order', () => {
  expect(parseOrder('need:4')).toEqual({ by: 'need', runId: 4, need: 'any' });
  for (const text of [
    '',
    'import',
    'random:',
    'random:4294967296',
    'need:1:luck',
    'need:1:any:worst',
    'sources:1=0',
    'sources:',
  ]) {
    expect(parseOrder(text), text).toBeNull();
  }
});
