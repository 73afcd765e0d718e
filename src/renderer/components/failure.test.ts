import { ORPCError } from '@orpc/client';
import { expect, it } from 'vitest';
import { CONNECTION_LOST, failureOf } from '../api/failureOf.ts';
import { failurePlace } from './failurePlace.ts';

const failure = {
  code: 'import.unreadable-row',
  message: 'Row 12 has no reply.',
  fix: 'Give it a chosen reply.',
  where: { file: 'pairs.jsonl', row: 12, field: 'chosen' },
};

it('takes a typed failure apart whole', () => {
  const error = new ORPCError('FAILURE', { defined: true, data: failure });
  expect(failureOf(error)).toEqual(failure);
  expect(failurePlace(failureOf(error))).toBe('pairs.jsonl · row 12 · field chosen');
});

it('keeps a row number of 0 and leaves out what is not known', () => {
  expect(failurePlace({ code: 'x', message: 'x', where: { row: 0 } })).toBe('row 0');
  expect(failurePlace({ code: 'x', message: 'x' })).toBeNull();
});

it('tells a lost line from a failure of the work itself', () => {
  expect(failureOf(new Error('Cannot send message, WebSocket is not open.')).code).toBe(CONNECTION_LOST);
  expect(failureOf(new Error('division by zero')).code).toBe('internal.unexpected');
  expect(failureOf(new ORPCError('INTERNAL_SERVER_ERROR')).code).toBe('call.internal_server_error');
});
