import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ChosenPaths } from './ChosenPaths.ts';

const at = (...parts: string[]) => resolve(join('/', ...parts));

it('lets through what was chosen or is known, and asks once for anything else', async () => {
  const asked: string[] = [];
  let agrees = false;
  const paths = new ChosenPaths({
    known: () => [at('known.facet')],
    ask: async (path) => {
      asked.push(path);
      return agrees;
    },
  });
  paths.add(at('chosen'));
  for (const path of [at('chosen'), at('chosen', 'inner', 'a.jsonl'), at('known.facet')])
    await paths.require(path);
  expect(asked).toEqual([]);
  const strangers = [at('chosen-too'), join(at('chosen'), '..', 'other'), at('known.facet', 'x'), 'relative'];
  for (const path of strangers)
    await expect(paths.require(path)).rejects.toMatchObject({ failure: { code: 'window.not-chosen' } });
  expect(asked).toEqual(strangers);
  agrees = true;
  await Promise.all([
    paths.require(at('typed')),
    paths.require(at('typed')),
    paths.require(at('typed', 'in')),
  ]);
  expect(asked.slice(strangers.length)).toEqual([at('typed')]);
});
