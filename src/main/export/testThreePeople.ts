/** For tests: a project that three people have labelled, and its export. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataExport, dataExportSchema } from '#shared/dataEntities.ts';
import { connectReader } from '../data/database.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { exportData } from './exportData.ts';

export const WHOLE = dataExportSchema.parse({ shape: 'facet', file: 'jsonl', out: '-' });

export async function exported(path: string, request: DataExport) {
  const database = connectReader(path);
  try {
    return await exportData(database, request, () => undefined);
  } finally {
    database.close();
  }
}

/** Three people over pairs of a file with two more; ids, columns, a tie, singles, an undo. */
export async function threePeople() {
  const opened = await openFacet();
  const { facet, folder } = opened;
  const file = join(folder, 'pairs.jsonl');
  const rows = [
    {
      id: 'x1',
      annotator: 'p1',
      prompt: 'Q1',
      chosen: 'A',
      rejected: '=1+1',
      strength: 2.5,
      score: 12345678901234567890n,
    },
    { id: 'x1', annotator: 'p2', prompt: 'Q1', chosen: '=1+1', rejected: 'A' },
    { prompt: 'Q2', chosen: '    indented\n', rejected: '\u3000wide', aspect: 'tone', label: 'tie' },
    { prompt: 'Q3', response_a: 'a', response_b: 'b' },
    {
      prompt: 'Q5',
      chosen: [
        { role: 'assistant', content: '=look', tool_calls: [{ function: { name: 'w', arguments: '{}' } }] },
      ],
      rejected: [{ role: 'assistant', content: '=look' }],
    },
    { prompt: 'Q4', completion: 'good', label: true, topic: 'x' },
    ...Array.from({ length: 6 }, (_, n) => ({ prompt: `P${n}`, chosen: `c${n}`, rejected: `r${n}` })),
  ];
  const raw = rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `#${value}#` : value)),
  );
  writeFileSync(file, raw.map((text) => `${text.replace(/"#(\d+)#"/g, '$1')}\n`).join(''));
  await importAll(facet, file);
  const people = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo'), await labelAs(facet, 'Cy')];
  for (const [index, person] of people.entries()) {
    await person.queue();
    await person.decide({ pairId: 1, verdict: index === 2 ? 'b' : 'a', durationMs: 700 + index });
    await person.decide({ pairId: 2, verdict: 'both_bad', leftKey: 'a' });
    await person.decide({ pairId: 4, verdict: index === 0 ? 'skip' : 'b' });
  }
  await people[1]?.undo();
  return opened;
}
