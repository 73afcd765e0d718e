/** The pairs of a run as it was given them: `dataset.jsonl` in its folder, by ascending id. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing } from '#disk/failures.ts';
import { readJsonLines } from '#disk/lines.ts';
import { findRows } from '#disk/sortedLines.ts';

const SHOWN_CHARACTERS = 400;

const rowSchema = z.object({
  id: z.string(),
  promptId: z.string(),
  messages: z.array(z.object({ content: z.string() })),
  chosen: z.string(),
  rejected: z.string(),
});
type DatasetRow = z.infer<typeof rowSchema>;

interface ShownTexts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

const pathOf = (runDir: string): string => join(runDir, 'dataset.jsonl');

export const readDataset = (runDir: string): AsyncIterable<DatasetRow> =>
  readJsonLines(pathOf(runDir), (row) => rowSchema.parse(row));

const cut = (text: string | undefined): string => (text ?? '').slice(0, SHOWN_CHARACTERS);

/** The beginnings of a pair's texts, the reply first that the run was told to prefer; empty where the row is not there. */
const shownTexts = (row: DatasetRow | undefined): ShownTexts => ({
  prompt: cut(row?.messages.at(-1)?.content),
  chosen: cut(row?.chosen),
  rejected: cut(row?.rejected),
});

/** Labels of single replies follow the pairs, under ids that are no numbers. */
function idOf(row: unknown): number {
  const id = Number((row as { readonly id?: unknown }).id);
  return Number.isNaN(id) ? Number.POSITIVE_INFINITY : id;
}

/** The texts of some pairs of a run, in the order asked for. */
export async function textsOf(runDir: string, pairIds: readonly number[]): Promise<ShownTexts[]> {
  const rows = await findRows(pathOf(runDir), pairIds, idOf);
  return rows.map((row) => shownTexts(row === null ? undefined : rowSchema.parse(row)));
}

/** Ids of prompts that a run held out; none where it did not say. */
export async function heldOutPrompts(runDir: string): Promise<string[]> {
  try {
    return JSON.parse(await readFile(join(runDir, 'held-out-prompts.json'), 'utf8')) as string[];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
