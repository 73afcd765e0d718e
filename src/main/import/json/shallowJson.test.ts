import { expect, it } from 'vitest';
import { shallowJson } from './shallowJson.ts';

it('reads JSON, and nothing that is none or nested too deep', () => {
  expect(shallowJson(' [{"a": "[[[{{{\\"[", "b": [1]}] ')).toEqual([{ a: '[[[{{{"[', b: [1] }]);
  expect(shallowJson('null')).toBeNull();
  for (const text of ['', '[', '"a', '"a\\', '[1,]', 'x', '}'.repeat(1000)])
    expect(shallowJson(text)).toBeUndefined();
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(shallowJson(nested(200))).toBeDefined();
  expect(shallowJson(nested(201))).toBeUndefined();
  expect(shallowJson('['.repeat(10_000_000))).toBeUndefined();
  expect(shallowJson(`"${'['.repeat(100_000)}"`)).toHaveLength(100_000);
});
