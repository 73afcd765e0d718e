import { expect, it } from 'vitest';
import { besideChoices } from './besideChoices.ts';
import { beganWords, endedWords } from './lineWords.ts';

it('says when a code came and went, and from and into what', () => {
  const titles = ['step 10', 'step 20', 'step 30'];
  const line = { codes: [null, 2, null], shares: [0, 1, 0], code: 2, begins: 1, ends: 1 };
  expect(beganWords({ ...line, from: 0, into: null }, titles)).toBe('split off from 0 at step 20');
  expect(beganWords({ ...line, from: null, into: null }, titles)).toBe('born at step 20');
  expect(beganWords({ ...line, begins: 0, from: null, into: null }, titles)).toBe('');
  expect(endedWords({ ...line, from: null, into: 5 }, titles)).toBe('went into 5 at step 30');
  expect(endedWords({ ...line, from: null, into: null }, titles)).toBe('died at step 30');
  expect(endedWords({ ...line, ends: 2, from: null, into: null }, titles)).toBe('');
});

it('offers every other checkpoint with codes, those of the run itself first', () => {
  const runs = [
    { id: 3, name: 'Third', codesSteps: [5] },
    { id: 2, name: 'Second', codesSteps: [10, 2000] },
    { id: 1, name: 'First', codesSteps: [] },
  ];
  expect(besideChoices({ id: 2 }, 10, runs).map(({ label }) => label)).toEqual([
    'Beside Second, step 2,000',
    'Beside Third, step 5',
  ]);
});
