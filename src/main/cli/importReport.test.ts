import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileReport } from '#shared/importReport.ts';
import { openFacet } from '../testFacet.ts';
import { reportLines } from './importReport.ts';

it('a preview lists which field is read as what and which columns are kept; an import reports the same', async () => {
  const { facet, folder } = await openFacet();
  const file = join(folder, 'ab.jsonl');
  writeFileSync(
    file,
    '{"question":"Q","response_a":"A","response_b":"B","winner":"a","topic":"x","note":null}\n',
  );
  const preview = fileReport('ab.jsonl', await facet.services.library.preview(file));
  expect(reportLines([preview], false)).toEqual([
    'ab.jsonl: two-replies, 1 row: 1 pair to add, 0 there already, 0 refused',
    '  fields: reply A from response_a, reply B from response_b, prompt from question, verdict from winner',
    '  kept as metadata: topic',
  ]);
  for await (const frame of facet.services.library.import(file))
    if (frame.type === 'done') expect(fileReport('ab.jsonl', frame)).toEqual(preview);
});
