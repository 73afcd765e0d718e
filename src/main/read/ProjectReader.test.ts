import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ProjectReader } from './ProjectReader.ts';

type Questions = {
  readonly project: () => string;
  readonly twice: (ids: Uint32Array) => Uint32Array;
  readonly refuse: () => never;
  readonly die: () => never;
  readonly wait: () => never;
  readonly left: () => number[];
};
const READER = `
const left = [];
process.once('disconnect', () => process.exit());
process.on('message', (question) => {
  if (question === 'close') return process.disconnect();
  const { id, name, args, cancel } = question;
  if (cancel !== undefined) left.push(cancel);
  if (cancel !== undefined || name === 'wait') return;
  if (name === 'left') return process.send({ id, value: left });
  if (name === 'die') process.exit(3);
  if (name === 'refuse') process.send({ id, failure: { code: 'test.no', message: 'No.', fix: 'Ask another.' } });
  else process.send({ id, value: name === 'project' ? process.argv[2] : args[0].map((each) => 2 * each) });
});`;

function reader(): ProjectReader<Questions> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-reader-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const entry = join(folder, 'reader.mjs');
  writeFileSync(entry, READER);
  return new ProjectReader<Questions>(entry, '/some/project.facet');
}

it('passes questions, numbers and refusals on', async () => {
  const asked = reader();
  expect(await asked.ask('project')).toBe('/some/project.facet');
  expect(await asked.ask('twice', Uint32Array.of(1, 2 ** 20))).toEqual(Uint32Array.of(2, 2 ** 21));
  await expect(asked.ask('refuse')).rejects.toMatchObject({ failure: { code: 'test.no' } });
  await asked.close();
});

it('says so where the process ends unasked, and starts another', async () => {
  const asked = reader();
  await expect(asked.ask('die')).rejects.toMatchObject({
    failure: { code: 'project.reader-ended', message: 'The project could not be read: code 3.' },
  });
  expect(await asked.ask('project')).toBe('/some/project.facet');
  await asked.close();
});

it('leaves a question when nobody waits for its answer', async () => {
  const asked = reader();
  expect(await asked.ask('left')).toEqual([]);
  const waits = new AbortController();
  const answer = asked.askUntil(waits.signal, 'wait');
  waits.abort(new Error('gone'));
  await expect(answer).rejects.toThrow('gone');
  expect(await asked.ask('left')).toEqual([2]);
  await expect(asked.askUntil(waits.signal, 'wait')).rejects.toThrow('gone');
  await asked.close();
});

it('answers what was asked before it closes, and nothing after', async () => {
  const asked = reader();
  const answer = asked.ask('twice', Uint32Array.of(4));
  await asked.close();
  expect(await answer).toEqual(Uint32Array.of(8));
  await expect(asked.ask('project')).rejects.toMatchObject({ failure: { code: 'project.reader-ended' } });
});
