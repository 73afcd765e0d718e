/** A project of many prompts with codes, and a few pairs more that a run can train on. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importWhole } from '../../src/main/bench/labelling.ts';
import { makeFigures } from '../../src/main/bench/madeFigures.ts';
import { pairFile } from '../../src/main/bench/pairFile.ts';
import { createHeadlessFacet } from '../../src/main/cli/session.ts';

const TRAINED_PAIRS = 64;
/** Source of the pairs that are trained on. */
export const TRAINED_SOURCE = 'trained';

/** Made in this folder and left closed; gives its path. */
export async function exploreProject(
  folder: string,
  prompts: number,
  codes: number,
  note: (line: string) => void,
): Promise<string> {
  const path = join(folder, 'bench.facet');
  const facet = createHeadlessFacet(join(folder, 'main'));
  try {
    note(`importing ${prompts} pairs`);
    const file = join(folder, 'pairs.jsonl');
    await pairFile(file, prompts, 3);
    await facet.services.project.create({ path, name: 'Bench' });
    await importWhole(facet, file);
    const trained = join(folder, `${TRAINED_SOURCE}.jsonl`);
    const rows = Array.from({ length: TRAINED_PAIRS }, (_, index) => ({
      prompt: `How do I water plant number ${index + 1}?`,
      chosen: `Plant ${index + 1} wants a glass of water a week.`,
      rejected: `Just pour something on plant ${index + 1}.`,
    }));
    await writeFile(trained, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await importWhole(facet, trained);
  } finally {
    await facet.dispose();
  }
  note(`storing ${codes} codes of each prompt`);
  await makeFigures(path, prompts, codes);
  return path;
}
