import { expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { keptWords, withKept } from './brokenOff.ts';

const config = { ...DEFAULT_RUN, steps: 40 };
const run = {
  step: 27,
  config,
  checkpointStep: 20,
  checkpoints: [
    { kind: 'last' as const, step: 20 },
    { kind: 'best' as const, step: 10 },
  ],
};

it('says what happened, what is kept and where Resume goes on', () => {
  const failure = withKept({ code: 'compute.worker-died', message: 'It was killed.' }, run);
  expect(failure.message).toBe(
    'It was killed. That was after step 27 of 40. Kept: the checkpoint of step 20 and the best one of step 10, and what was reported up to step 27.',
  );
  expect(failure.fix).toContain('goes on from step 20 and takes steps 21 to 27 again');
  expect(withKept({ code: 'train.not-finite', message: 'NaN' }, run)).toEqual({
    code: 'train.not-finite',
    message: 'NaN',
  });
});

it('proposes half of the budget where only the end of the process tells that memory ran out', () => {
  const said = withKept({ code: 'compute.worker-out-of-memory', message: 'It ended (bad_alloc).' }, run);
  expect(said).toMatchObject({
    message: 'It ended (bad_alloc). That was after step 27 of 40. The checkpoint of step 20 is kept.',
    fix: expect.stringContaining('token budget of 512'),
    suggestion: { field: 'tokenBudget', value: 512 },
  });
  const own = { code: 'train.out-of-memory', message: 'No room.', fix: 'Resume it with 96.' };
  expect(withKept(own, { ...run, checkpointStep: null })).toEqual({
    ...own,
    message: 'No room. That was after step 27 of 40. No step was kept yet.',
  });
});

it('promises nothing that is not there', () => {
  const none = { ...run, step: 3, checkpointStep: null, checkpoints: [] };
  expect(keptWords(none)).toEqual({
    kept: 'No checkpoint had been written yet; what it reported is kept.',
    fix: 'Start a new run: this one has nothing to go on from.',
  });
  expect(keptWords({ ...run, step: 21 }).fix).toContain('takes step 21 again');
  expect(keptWords({ ...run, step: 20 }).fix).toContain('no step is taken twice');
  const done = { ...run, step: 40, checkpointStep: 40 };
  expect(keptWords(done).fix).toContain('goes on with its evaluation');
});
