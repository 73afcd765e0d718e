/** A job folder: data as Parquet, the settings, and the programs of `resources/job`; complete or absent. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { heldOutPrompts, promptKey } from '#core/split.ts';
import { datasetFingerprint } from '#disk/datasetFingerprint.ts';
import { makeFolderAtomic } from '#disk/folder.ts';
import { hashFile } from '#disk/hash.ts';
import { readJsonLines } from '#disk/lines.ts';
import { copyTo, writeFileAtomic } from '#disk/writeFile.ts';
import type { PromptRow } from '../data/codeTable.ts';
import { parquetParts } from '../export/parquet.ts';
import type { JobDescription } from './jobRecord.ts';

const PAIR_COLUMNS = {
  id: '',
  promptId: '',
  split: '',
  source: '',
  aspect: '',
  messages: '',
  chosen: '',
  rejected: '',
  chosenTurns: '',
  rejectedTurns: '',
};
const PROMPT_COLUMNS = { id: '', messages: '' };

export interface JobToWrite {
  /** Made; must not exist. */
  readonly out: string;
  /** JSON Lines of `PreferencePair`. */
  readonly datasetPath: string;
  readonly prompts: readonly PromptRow[];
  readonly description: Omit<JobDescription, 'pairs' | 'prompts' | 'files' | 'datasetFingerprint'>;
  readonly resourcesDir: string;
  /** Copied into the folder as `model`; null where the job names its model's place. */
  readonly modelDir: string | null;
}

/** Paths of all files in a folder and below, but for what Python leaves. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const isCache = (path: string): boolean => path.split(/[\\/]/).includes('__pycache__');
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !isCache(path));
}

async function copyFolder(from: string, to: string): Promise<void> {
  for (const file of await filesUnder(from)) await copyTo(join(from, file), join(to, file));
}

function* pairRows(pairs: readonly PreferencePair[], held: ReadonlySet<string>) {
  for (const pair of pairs)
    yield { ...pair, split: held.has(promptKey(pair.messages)) ? 'held-out' : 'train' };
}

function* promptRows(prompts: readonly PromptRow[]) {
  for (const { id, messages } of prompts) yield { id: String(id), messages };
}

async function requireAbsent(out: string): Promise<void> {
  const there = await stat(out).catch(() => null);
  if (there)
    throw new FacetError({
      code: 'job.exists',
      message: `${out} already exists, and a job never replaces anything.`,
      fix: 'Name a folder that does not exist yet.',
      where: { file: out },
    });
}

/** Gives what the folder says of itself. Throws `job.exists`, `disk.…`. */
export async function writeJob(job: JobToWrite): Promise<JobDescription> {
  await requireAbsent(job.out);
  const pairs: PreferencePair[] = [];
  for await (const pair of readJsonLines(job.datasetPath, (row) => row as PreferencePair)) pairs.push(pair);
  const { config } = job.description;
  const keys = pairs.map(({ messages }) => promptKey(messages));
  const held = heldOutPrompts(keys, config.heldOutShare, config.seed);
  return makeFolderAtomic(job.out, async (folder) => {
    await copyFolder(join(job.resourcesDir, 'job'), folder);
    await copyFolder(join(job.resourcesDir, 'starter'), join(folder, 'check', 'model'));
    if (job.modelDir !== null) await copyFolder(job.modelDir, join(folder, 'model'));
    await writeFileAtomic(join(folder, 'pairs.parquet'), parquetParts(PAIR_COLUMNS, pairRows(pairs, held)));
    await writeFileAtomic(
      join(folder, 'prompts.parquet'),
      parquetParts(PROMPT_COLUMNS, promptRows(job.prompts)),
    );
    const names = ['pairs.parquet', 'prompts.parquet'];
    const hashes = await Promise.all(names.map(async (name) => [name, await hashFile(join(folder, name))]));
    const written: JobDescription = {
      ...job.description,
      datasetFingerprint: datasetFingerprint(pairs),
      pairs: pairs.length,
      prompts: job.prompts.length,
      files: Object.fromEntries(hashes) as Record<string, string>,
    };
    await writeFileAtomic(join(folder, 'job.json'), [`${JSON.stringify(written, null, 1)}\n`]);
    return written;
  });
}
