import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { downloadRecords } from './downloadRecord.ts';

it('remembers how a download ended where the disk does not take it', () => {
  const folder = temporaryFolder();
  const lines: string[] = [];
  const records = downloadRecords(folder, (line) => lines.push(line));
  const about = { repo: 'acme/tiny', revision: 'main', endpoint: 'https://hub.example', folder: 'models' };
  const begun = { ...about, plan: null, failure: null, bytesDone: 0, pid: 1 };
  const record = records.create({ ...begun, state: 'running' });
  const file = join(folder, `${record.id}.json`);
  rmSync(file);
  // Nothing can be moved to where a folder stands.
  mkdirSync(file);
  const failed = { ...record, state: 'failed', failure: { code: 'hub.no-space', message: 'Full.' } } as const;
  records.settle(failed);
  expect(records.all()).toEqual([failed]);
  expect(lines.join()).toContain(`${record.id}.json could not be written`);
  rmSync(file, { recursive: true });
  records.save({ ...record, state: 'running' });
  expect(records.all()).toEqual([{ ...record, state: 'running' }]);
});
