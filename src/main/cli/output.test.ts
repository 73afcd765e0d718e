import { expect, test } from 'vitest';
import { failureLine, table } from './output.ts';

test('a failure says what, where and what to do on one line', () => {
  const failure = {
    code: 'import.bad',
    message: 'the reply is empty',
    where: { file: 'a.jsonl', row: 0, field: 'chosen' },
    fix: 'Fill it in.',
  };
  expect(failureLine(failure)).toBe(
    'error: the reply is empty (a.jsonl, row 0, field chosen) fix: Fill it in.',
  );
  expect(failureLine({ code: 'x.y', message: 'no' })).toBe('error: no');
});

test('columns are as wide as their widest cell', () => {
  expect(
    table([
      ['code', 'share'],
      ['3', '10 %'],
      ['12345', '1 %'],
    ]),
  ).toEqual(['code   share', '3      10 %', '12345  1 %']);
});
