import { describe, expect, it } from 'vitest';
import { packText, textRow } from './textRows.ts';

describe('textRow', () => {
  it('gives each document its own slot, positions and next tokens, and pads the rest', () => {
    const row = textRow(
      [
        [5, 6, 7],
        [8, 9],
      ],
      7,
    );
    expect([...row.tokens!]).toEqual([5, 6, 7, 8, 9, 0, 0]);
    expect([...row.positions!]).toEqual([0, 1, 2, 0, 1, 0, 0]);
    expect([...row.pairOf!]).toEqual([0, 0, 0, 1, 1, -1, -1]);
    expect([...row.targets!]).toEqual([6, 7, 0, 9, 0, 0, 0]);
    expect([...row.targetWeight!]).toEqual([1, 1, 0, 1, 0, 0, 0]);
  });

  it('refuses documents that do not fit', () => {
    expect(() => textRow([[1, 2, 3]], 2)).toThrow(RangeError);
  });
});

describe('packText', () => {
  it('keeps every token once, in order, and cuts what is longer than a row', () => {
    const documents = [[1, 2], [3, 4, 5], [6], [7, 8, 9, 10, 11, 12]];
    const rows = [...packText(documents, 5)];
    expect(rows.map((row) => [...row.tokens!])).toEqual([
      [1, 2, 3, 4, 5],
      [6, 0, 0, 0, 0],
      [7, 8, 9, 10, 11],
    ]);
  });
});
