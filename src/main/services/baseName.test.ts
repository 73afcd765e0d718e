import { expect, it } from 'vitest';
import { baseName } from './baseName.ts';

const COMMIT = 'a'.repeat(40);
const nowhere = () => null;

it('takes what is given, hub name or path', () => {
  expect(baseName('owner/name@v1', '/m', nowhere)).toEqual({ name: 'owner/name', revision: 'v1' });
  expect(baseName('owner/name', '/m', nowhere)).toEqual({ name: 'owner/name', revision: null });
  expect(baseName('/models/mine', '/m', nowhere)).toEqual({ name: '/models/mine', revision: null });
  expect(baseName('../models/mine', '/m', nowhere)).toEqual({ name: '../models/mine', revision: null });
});

it('else asks where the folder was fetched from, then reads a cache’s path, then knows nothing', () => {
  const fetched = { name: 'owner/fetched', revision: COMMIT };
  const cached = `/cache/hub/models--some-owner--a.name/snapshots/${COMMIT}`;
  expect(baseName(undefined, cached, () => fetched)).toEqual(fetched);
  expect(baseName(undefined, cached, nowhere)).toEqual({ name: 'some-owner/a.name', revision: COMMIT });
  expect(baseName(undefined, '/models/a.name', nowhere)).toBeNull();
});
