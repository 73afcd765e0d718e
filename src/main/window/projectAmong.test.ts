import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { projectAmong } from './projectAmong.ts';

it('finds the project among a program’s arguments, wherever they were typed', () => {
  expect(projectAmong(['facet', '--no-sandbox', 'my pairs.facet'], '/home/me')).toBe(
    resolve('/home/me', 'my pairs.facet'),
  );
  expect(projectAmong(['electron', '/opt/facet', '/data/a.facet', '/data/b.facet'], '/')).toBe(
    resolve('/data/a.facet'),
  );
  // Windows keeps the ending as it was typed.
  expect(projectAmong(['Facet.exe', 'PAIRS.FACET'], '/home/me')).toBe(resolve('/home/me', 'PAIRS.FACET'));
  expect(projectAmong(['/home/me/my.facet', '--flag=x.facet', 'pairs.jsonl'], '/')).toBeNull();
});
