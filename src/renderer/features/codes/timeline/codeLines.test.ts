import { expect, it } from 'vitest';
import { codeLines } from './codeLines.ts';

it('follows a code through its numbers, and tells what came from what and went into what', () => {
  const column = (step: number, ...use: readonly (readonly [number, number])[]) => ({
    ...{ runId: 1, step, codes: 4 },
    use: use.map(([code, share]) => ({ code, share })),
  });
  const lines = codeLines({
    columns: [column(10, [0, 0.7], [1, 0.3]), column(20, [0, 0.4], [2, 0.3], [3, 0.3]), column(30, [0, 1])],
    changes: [
      {
        kept: [
          { from: 0, to: 0, overlap: 0.6 },
          { from: 1, to: 3, overlap: 1 },
        ],
        born: [{ code: 2, from: 0 }],
        died: [],
        same: 0.7,
      },
      {
        kept: [{ from: 0, to: 0, overlap: 0.4 }],
        born: [],
        died: [
          { code: 2, into: 0 },
          { code: 3, into: null },
        ],
        same: 0.4,
      },
    ],
  });
  expect(lines).toEqual([
    { codes: [0, 0, 0], shares: [0.7, 0.4, 1], code: 0, begins: 0, from: null, ends: 2, into: null },
    { codes: [null, 2, null], shares: [0, 0.3, 0], code: 2, begins: 1, from: 0, ends: 1, into: 0 },
    { codes: [1, 3, null], shares: [0.3, 0.3, 0], code: 3, begins: 0, from: null, ends: 1, into: null },
  ]);
});
