import { expect, it } from 'vitest';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { rowWork, stepMs } from './measureRun.ts';

it('scales the rows of a step and not what follows them', () => {
  // A row takes 100, the update 40: one row 140, two 240. Of 10 rows three times as long: 40 + 10 · 3 · 100.
  expect(stepMs({ one: 140, two: 240 }, 10, 3)).toBe(3040);
  expect(stepMs({ one: 140, two: 140 }, 1, 2)).toBe(280);
  // A clock that ran backwards gives no negative time.
  expect(stepMs({ one: 50, two: 40 }, 4, 1)).toBe(50);
});

it('counts blocks by token, the head by reply token, attention by pairs of tokens', () => {
  const model = {
    info: { parameters: 1000 },
    config: { vocabulary: 10, hiddenSize: 8, layers: 2 },
  } as ModelFolder;
  // head 80, blocks 920: 16·920 + 4·80 + 2·2·8·16·16 = 14720 + 320 + 8192
  expect(rowWork(model, { tokens: 16, responses: 4, pairs: 1 })).toBe(23232);
  // A span shorter than the row: 2·2·8·16·4
  expect(rowWork(model, { tokens: 16, responses: 4, pairs: 1, span: 4 })).toBe(14720 + 320 + 2048);
});
