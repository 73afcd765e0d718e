import type { Job } from '#core/jobs.ts';

/**
 * Each lane has processes of its own, so that no kind of work waits for another: a run trains, long work goes on beside it,
 * and what a person has just asked is answered.
 */
export type Lane = 'training' | 'work' | 'asked';

export const LANE_OF: { readonly [K in Job['kind']]: Lane } = {
  train: 'training',
  candidates: 'training',
  codes: 'work',
  score: 'work',
  causes: 'work',
  audit: 'work',
  'generate-many': 'work',
  export: 'work',
  estimate: 'asked',
  probe: 'asked',
  vocabulary: 'asked',
  generate: 'asked',
  'reply-tokens': 'asked',
  tokens: 'asked',
  engines: 'asked',
  'inspect-model': 'asked',
};

/** Of the asked, one more may run: a typed prompt does not wait for a long reply. */
export const LANE_PROCESSES: { readonly [L in Lane]: number } = { training: 1, work: 1, asked: 2 };

/** Jobs that write nothing, or in pieces that the same job goes on from: their process may be ended at any moment. */
export const ENDS_AT_ONCE: ReadonlySet<Job['kind']> = new Set([
  'codes',
  'score',
  'causes',
  'audit',
  'estimate',
  'probe',
  'vocabulary',
  'generate',
  'reply-tokens',
  'tokens',
  'engines',
  'inspect-model',
]);
