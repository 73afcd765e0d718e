/** Parquet of very many columns, through which each is looked for among all. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toFailure } from '#core/result.ts';
import { temporaryFolder } from '../../data/testProject.ts';
import { parquetParts } from '../../export/parquet.ts';
import { LIMITS } from './limits.ts';
import { parquetOnDisk, parquetRows } from './parquet.ts';

async function rowsOf(columns: number): Promise<number> {
  const row = Object.fromEntries(Array.from({ length: columns }, (_, index) => [`c${index}`, 'x']));
  const path = join(temporaryFolder(), 'wide.parquet');
  writeFileSync(path, Buffer.concat([...parquetParts(row, [row])]));
  const { buffer, close } = await parquetOnDisk(path);
  try {
    let rows = 0;
    for await (const batch of parquetRows(path, buffer)) rows += batch.length;
    return rows;
  } finally {
    await close();
  }
}

it('is refused beyond a bound, in words', async () => {
  const failure = await rowsOf(LIMITS.columns + 1).then(() => null, toFailure);
  expect(failure?.message).toMatch(/wide\.parquet has more than 2,000 columns\.$/);
});

it('is read below it', async () => expect(await rowsOf(300)).toBe(1));
