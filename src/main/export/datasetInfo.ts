/** LLaMA-Factory finds its sets, and what their columns are, in `dataset_info.json` beside them. */
import { basename, extname, join } from 'node:path';
import { FacetError } from '#core/result.ts';
import { readText } from '#disk/readText.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';

async function entriesIn(path: string): Promise<object> {
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, as of any other file that is no list of sets.
  }
  throw new FacetError({
    code: 'export.not-dataset-info',
    message: 'A dataset_info.json is there that is no JSON object, and it is not replaced.',
    fix: 'Choose another folder, or mend that file.',
    where: { file: path },
  });
}

/** Adds the files to those that are listed there already; gives the path of the list. */
export async function addDatasets(folder: string, paths: readonly string[]): Promise<string> {
  const path = join(folder, 'dataset_info.json');
  const columns = {
    messages: 'conversations',
    chosen: 'chosen',
    rejected: 'rejected',
    system: 'system',
    tools: 'tools',
  };
  const entries = paths.map((file) => [
    basename(file, extname(file)),
    { file_name: basename(file), ranking: true, formatting: 'sharegpt', columns },
  ]);
  const all = { ...(await entriesIn(path)), ...Object.fromEntries(entries) };
  await writeFileAtomic(path, [`${JSON.stringify(all, null, 2)}\n`]);
  return path;
}
