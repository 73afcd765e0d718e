import { expect, it } from 'vitest';
import { crashReport } from './crashReport.ts';

const facts = { where: 'a test', version: '1.2.3', runtime: 'Node', at: '2026-01-01T00:00:00.000Z' };
const SECRETS = ['/home/ada', 'C:\\Users\\ada', 'hf_abcdefghijklmnopqrstuvwxyz', 'my prompt', 'ada'];

it.each<[string, unknown]>([
  ['a message of a reader', new Error('"my prompt" in /home/ada/pairs.jsonl is no row')],
  ['a message of JSON', new SyntaxError('Unexpected token m, "my prompt"... is not valid JSON')],
  [
    'one of the engine',
    new TypeError(
      "Cannot read properties of undefined (reading 'x') at /home/ada/a.ts, C:\\Users\\ada\\b hf_abcdefghijklmnopqrstuvwxyz",
    ),
  ],
  ['no error', 'my prompt'],
  ['a name of its own', Object.assign(new Error('x'), { name: 'my prompt', code: '/home/ada' })],
])('keeps nothing of %s', (_, error) => {
  if (error instanceof Error)
    error.stack = `${error.name}: ${error.message}\n    at readRow (/home/ada/facet/src/readRow.ts:12:3)\n    at file:///home/ada/my prompt/x.js:1:2\n    at Object.<anonymous> (C:\\Users\\ada\\main.js:4:5)`;
  const report = crashReport({ ...facts, error });
  for (const secret of SECRETS) expect(report).not.toContain(secret);
  expect(report).toContain('Facet 1.2.3 met an error in a test.');
});

it('says where the program was', () => {
  const error = new TypeError("Cannot read properties of undefined (reading 'pairs')");
  error.stack = `TypeError: x\n    at readRow (/home/ada/facet/src/readRow.ts:12:3)\n    at async /home/ada/run.js:7:1`;
  const report = crashReport({ ...facts, error });
  expect(report).toContain("TypeError\nCannot read properties of undefined (reading 'pairs')\n");
  expect(report).toContain('  at readRow readRow.ts:12:3');
  expect(report).toContain('run.js:7:1');
});
