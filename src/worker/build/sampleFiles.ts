/** Writes `resources/sample`: the pairs and what they are. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KINDS } from '#core/sample/kinds.ts';
import { type SampleRow, samplePairs } from '#core/sample/pairs.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';

const SAMPLE_SEED = 1;
export const PAIRS_PER_KIND = 140;
export const SAMPLE_FILE = 'sample.jsonl';

const wordCount = (text: string): number => text.split(/\s+/).length;
const mean = (values: readonly number[]): string =>
  (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1);

function kindTable(rows: readonly SampleRow[]): string {
  const lines = KINDS.map((kind) => {
    const own = rows.filter((row) => row.source === kind.name);
    const prompts = new Set(own.map((row) => row.prompt)).size;
    const chosen = mean(own.map((row) => wordCount(row.chosen)));
    const rejected = mean(own.map((row) => wordCount(row.rejected)));
    return `| ${kind.name} | ${kind.rule} | ${own.length} | ${prompts} | ${chosen} · ${rejected} |`;
  });
  return [
    '| source | rule (aspect) | pairs | prompts | mean words, chosen · rejected |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

const readme = (rows: readonly SampleRow[]): string => `# Sample pairs

${rows.length} preference pairs over ${new Set(rows.map((row) => row.prompt)).size} prompts of ${KINDS.length} kinds, written by a program of this project
(\`src/core/sample\`, seed ${SAMPLE_SEED}). Nothing in it comes from people or from other models. Licence: that of the project.

\`${SAMPLE_FILE}\`: one row \`{id, source, aspect, prompt, chosen, rejected}\` a line. Both replies of a pair say the same;
they differ in one thing, and which side is preferred depends on the kind of prompt:

${kindTable(rows)}

Every rule has an opposite among the other kinds, so no single direction ("shorter", "more polite", …) is right for all of
them: what is preferred can only be told from the prompt. That is what latent codes are for, and since the kind of each
prompt is known, it can be measured what they found.

The rules hold in every pair, and the sample is easy: a policy that reads the prompt can reach an accuracy of 1. It shows
how things work; it says nothing about how methods compare on real preferences.

Rebuild: \`npm run build:starter -- --sample-only\`. The same seed gives the same bytes.
`;

/** Makes the folder if absent; the same every time. */
export async function writeSample(folder: string): Promise<{ pairs: number }> {
  const rows = samplePairs(SAMPLE_SEED, PAIRS_PER_KIND);
  await mkdir(folder, { recursive: true });
  await writeJsonLines(join(folder, SAMPLE_FILE), rows);
  await writeFileAtomic(join(folder, 'README.md'), [readme(rows)]);
  return { pairs: rows.length };
}
