import { expect, it } from 'vitest';
import type { SavedView } from '#shared/entities.ts';
import { viewChoice } from './viewChoice.ts';

const view = (name: string, status: 'all' | 'labelled'): SavedView => ({
  id: 1,
  name,
  view: { filter: { text: 'tea', sourceId: 2, status, where: { tags: ['x'] } }, sort: null, columns: null },
});

it('takes all conditions of a view, and its status of everybody', () => {
  expect(viewChoice([view('Mine', 'labelled')], 'Mine')).toEqual({
    shown: { filter: { text: 'tea', sourceId: 2, status: 'all', where: { tags: ['x'] } }, annotatorId: null },
    status: 'labelled',
  });
  expect(viewChoice([view('Mine', 'all')], 'Mine').status).toBeNull();
  expect(() => viewChoice([view('Mine', 'all')], 'Other')).toThrow('no view “Other”');
});
