/** Candidates fitted to the pairs of an experiment, each set once: what is in the folder already is read. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CandidatesResult } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import { hashText } from '#disk/hash.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { heldOutRows } from './cellPairs.ts';
import { type CellStore, dataFilesName } from './cellStore.ts';
import { pairsSha256 } from './fingerprints.ts';
import type { RunCellsOptions } from './runCells.ts';
import type { CandidateFit, FittedCandidates } from './types.ts';

interface Options extends Pick<RunCellsOptions, 'compute' | 'storedOnly' | 'codeFingerprint' | 'stop'> {
  readonly store: CellStore;
  readonly folder: string;
  readonly note: (line: string) => void;
}

const readable = (text: string): FittedCandidates | null => {
  try {
    return JSON.parse(text) as FittedCandidates;
  } catch {
    // Not readable is not there: it is fitted again.
    return null;
  }
};

/** Throws the job's failure; what was fitted before it is kept. */
export async function runFits(fits: readonly CandidateFit[], options: Options): Promise<FittedCandidates[]> {
  const { compute, store, folder, codeFingerprint, stop, storedOnly, note } = options;
  const found: FittedCandidates[] = [];
  if (fits.length > 0) mkdirSync(join(folder, 'fits'), { recursive: true });
  for (const { group, modelDir, data: dataOf, config, splits } of fits) {
    const data = dataOf();
    const [training, test] = [pairsSha256(data.training), pairsSha256(heldOutRows(data))];
    const model = await modelFingerprint(modelDir, store.cacheDir);
    const contentKey = hashText(
      JSON.stringify([group, config, splits, training, test, model, codeFingerprint]),
    ).slice(0, 40);
    const path = join(folder, 'fits', `${contentKey}.json`);
    const before = existsSync(path) ? readable(readFileSync(path, 'utf8')) : null;
    if (before) found.push(before);
    if (before || storedOnly) continue;
    const runDir = store.workDir(contentKey);
    try {
      const job = {
        kind: 'candidates',
        config,
        modelDir,
        ...(await store.dataFiles(dataFilesName(training, test), data)),
        runDir,
        cacheDir: store.cacheDir,
        splits,
      } as const;
      const result: CandidatesResult = unwrap(await compute.run<'candidates'>(job, { stop }));
      const fitted = { group, splits, contentKey, at: new Date().toISOString(), ...result };
      await writeFileAtomic(path, [JSON.stringify(fitted)]);
      found.push(fitted);
      note(`${group}: ${result.candidates.length} candidates fitted on ${result.pairs} pairs`);
    } finally {
      await rm(runDir, { recursive: true, force: true });
    }
  }
  return found;
}
