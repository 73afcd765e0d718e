/** A project of a few pairs, made without a window: for tests to which its size and texts are nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { facetOver, importAll } from '#main/testFacet.ts';

const PAIRS = 48;

/** Makes it in this folder and gives its path. */
export async function smallProject(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'small.facet');
  const file = join(folder, 'small.jsonl');
  const rows = Array.from({ length: PAIRS }, (_, index) => ({
    prompt: `How do I water plant number ${index + 1}?`,
    chosen: `Plant ${index + 1} wants a glass of water a week.`,
    rejected: `Just pour something on plant ${index + 1}.`,
  }));
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const facet = facetOver(folder);
  try {
    await facet.services.project.create({ path, name: 'Small' });
    await importAll(facet, file);
  } finally {
    await facet.dispose();
  }
  return path;
}
