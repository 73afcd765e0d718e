import { expect, it } from 'vitest';
import type { Work } from '#shared/work.ts';
import { shareDone, shownWork, workLine } from './workWords.ts';

const AT = Date.parse('2026-11-27T08:00:00.000Z');
const work = (change: Partial<Work> = {}): Work => ({
  id: 1,
  title: 'Codes of Run 1, step 40',
  state: 'running',
  phase: null,
  done: 0,
  total: 0,
  leftMs: null,
  about: null,
  startedAt: new Date(AT).toISOString(),
  priority: 'normal',
  training: false,
  ...change,
});

it('says how far work is, in the words of its phase', () => {
  expect(workLine(work())).toBe('Working');
  expect(workLine(work({ state: 'waiting' }))).toBe('Waits for its turn');
  expect(workLine(work({ phase: 'codes', done: 1024, total: 2048 }))).toBe(
    'Reading the codes of every prompt, 1,024 of 2,048',
  );
  expect(workLine(work({ done: 1, total: 4 }))).toBe('25 %');
  const run = work({ training: true, phase: 'train', done: 12, total: 400, leftMs: 90_000 });
  expect(workLine(run)).toMatch(/^step 12 of 400, 2 min left$/);
  expect(workLine({ ...run, state: 'cancelling' })).toMatch(/^Ending: step 12/);
});

it('has no share before the first figure', () => {
  expect(shareDone(work())).toBeNull();
  expect(shareDone(work({ done: 1, total: 4 }))).toBe(0.25);
});

it('lists the run first and leaves out what is answered in a moment', () => {
  const run = work({ id: 9, training: true });
  const fresh = work({ id: 2 });
  const old = work({ id: 3, startedAt: new Date(AT - 5000).toISOString() });
  expect(shownWork([fresh, old, run], AT).map(({ id }) => id)).toEqual([9, 3]);
});
