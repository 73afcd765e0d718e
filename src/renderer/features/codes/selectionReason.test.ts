import { expect, it } from 'vitest';
import { selectionReason } from './selectionReason.ts';

it('names codes, prompts and group, then whose they are', () => {
  expect(selectionReason({ codes: [0] }, 'Run 1', 40)).toBe('code 0 of Run 1, step 40');
  expect(selectionReason({ codes: [1, 4], group: { by: 'source', name: 'sky' } }, 'Run 1', 40)).toBe(
    'codes 1, 4 × sky of Run 1, step 40',
  );
  expect(selectionReason({ codes: [1, 2, 3, 4, 5, 6] }, 'Run 1', 40)).toBe(
    'codes 1, 2, 3, 4, 5 … of Run 1, step 40',
  );
  expect(selectionReason({ promptIds: [7] }, 'Run 1', 40)).toBe('prompt 7 of Run 1, step 40');
  expect(selectionReason({ promptIds: [7, 9] }, 'Run 1', 40)).toBe('2 prompts of Run 1, step 40');
});

it('fits a tag, and says the run where the group has a long name', () => {
  const long = selectionReason(
    { codes: [3], group: { by: 'source', name: 'a source with quite a long name of its own' } },
    'Run 12',
    400,
  );
  expect(long).toHaveLength(60);
  expect(long).toMatch(/^code 3 × a source with quite.*… of Run 12, step 400$/);
  expect(selectionReason({ codes: [3] }, 'x'.repeat(80), 400).length).toBeLessThanOrEqual(60);
});

it('names each area drawn on a map differently, so that two are not tagged alike', () => {
  const region = (x: number) => ({
    settings: { method: 'pca', features: 'codes', seed: 0 } as const,
    fingerprint: 'f',
    areas: [[x, 0, 5, 0, 5, 5]],
  });
  const one = selectionReason({ region: region(1) }, 'Run 2', 40);
  expect(one).toMatch(/^lasso [0-9a-z]+ of Run 2, step 40$/);
  expect(selectionReason({ region: region(2) }, 'Run 2', 40)).not.toBe(one);
});

it('names what a table was filtered by', () => {
  const listed = { search: 'rain', code: 3, source: 'Weather' };
  expect(selectionReason({ listed }, 'Run 2', 40)).toBe('“rain” × code 3 × Weather of Run 2, step 40');
  expect(selectionReason({ listed: { search: '', code: null, source: 'Weather' } }, 'Run 2', 40)).toBe(
    'Weather of Run 2, step 40',
  );
});
