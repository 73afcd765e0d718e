import { expect, it } from 'vitest';
import { likenessWords } from './likenessWords.ts';

const near = (distance: number) => [{ promptId: 1, text: 'Hello', source: 'sky', distance }];
const usual = { median: 0.1, most: 0.4 };

it('says where a typed prompt is unlike anything trained on, with the distances', () => {
  expect(likenessWords({ nearest: near(0.2), usual })).toEqual({
    unlike: false,
    text: 'Like prompts trained on: the nearest is 0.20 away; among themselves the median is 0.10, and one in a hundred is beyond 0.40.',
  });
  const far = likenessWords({ nearest: near(0.9), usual });
  expect(far.unlike).toBe(true);
  expect(far.text).toMatch(/^Unlike anything trained on: the nearest is 0.90 away/);
  expect(likenessWords({ nearest: near(0.9), usual: null }).unlike).toBe(false);
});
