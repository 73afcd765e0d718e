import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataExportSchema } from '#shared/dataEntities.ts';
import { importAll, openFacet } from '../testFacet.ts';

const rows = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `${JSON.stringify({ prompt: `P${n}`, chosen: `c${n}`, rejected: `r${n}` })}\n`,
  ).join('');

async function project(count: number) {
  const opened = await openFacet();
  const file = join(opened.folder, 'pairs.jsonl');
  writeFileSync(file, rows(count));
  await importAll(opened.facet, file);
  mkdirSync(join(opened.folder, 'to'));
  return { ...opened, to: join(opened.folder, 'to') };
}
const request = { ...dataExportSchema.parse({ shape: 'trl', file: 'jsonl', out: '-' }), name: 'pairs.jsonl' };

it('writes in a thread, and says how far it is', async () => {
  const { facet, to } = await project(50);
  const frames = [];
  for await (const frame of facet.services.data.export({ ...request, out: join(to, 'x.jsonl') }))
    frames.push(frame);
  expect(frames.at(-1)).toMatchObject({ type: 'done', result: { files: [{ rows: 50 }] } });
  expect(readdirSync(to).sort()).toEqual(['x.card.md', 'x.jsonl']);
});

it('leaves nothing behind when it is cancelled', async () => {
  const { facet, to } = await project(3000);
  const cancel = new AbortController();
  const exporting = async () => {
    const asked = { ...request, out: join(to, 'x.jsonl'), testShare: 0.5 };
    for await (const frame of facet.services.data.export(asked, cancel.signal))
      if (frame.type === 'progress') cancel.abort();
  };
  await expect(exporting()).rejects.toThrow('Stopped');
  expect(readdirSync(to)).toEqual([]);
});

it('gives a page the files of an export, and no others', async () => {
  const { facet, folder, path } = await project(5);
  const frames = [];
  for await (const frame of facet.services.data.export({ ...request, out: null, name: '../../x.jsonl' }))
    frames.push(frame);
  const last = frames.at(-1);
  const [written] = last?.type === 'done' ? last.result.files : [];
  const text = await (await facet.services.data.file(written?.path ?? '')).text();
  expect(text).toBe(readFileSync(written?.path ?? '', 'utf8'));
  expect(text.split('\n')).toHaveLength(6);
  expect(existsSync(join(folder, 'x.jsonl'))).toBe(false);
  await expect(facet.services.data.file(path)).rejects.toThrow('No export');
});
