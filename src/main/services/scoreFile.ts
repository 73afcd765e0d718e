import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScoreResult } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { promptHash } from '../data/hashes.ts';
import { sourceName } from '../import/importFile.ts';
import { readFile } from '../import/readFile.ts';
import { jsonLines, writeFileAtomically } from './atomicFile.ts';
import type { OpenProject } from './OpenProject.ts';

export interface ScoreRequest {
  readonly file: string;
  readonly modelDir: string;
  readonly checkpointDir: string | null;
  readonly engine: EngineChoice;
}

async function readPairs(file: string): Promise<PreferencePair[]> {
  const pairs: PreferencePair[] = [];
  for await (const { rows } of readFile(file, 500)) {
    for (const { row, outcome } of rows) {
      if (!outcome.ok) continue;
      const { messages, chosen, rejected, aspect, itemId } = outcome.pair;
      const promptId = promptHash(messages).toString('hex');
      const id = itemId ?? `row-${row}`;
      const source = sourceName(outcome.pair, file);
      pairs.push({ id, promptId, source, aspect, messages, chosen, rejected });
    }
  }
  if (pairs.length > 0) return pairs;
  throw new FacetError({
    code: 'score.no-pairs',
    message: 'The file holds no readable pair.',
    fix: 'Preview the file in the library to see why.',
    where: { file },
  });
}

/** Margins of a pair file that need not be in the project; the results stay in its folder. */
export async function scoreFile(
  project: OpenProject,
  compute: ComputeClient,
  { file, modelDir, checkpointDir, engine }: ScoreRequest,
): Promise<ScoreResult> {
  const pairs = await readPairs(file);
  const folder = join(project.filesDir, 'scores');
  const stamp = new Date().toISOString().replaceAll(':', '-');
  const datasetPath = join(folder, `${stamp}.pairs.jsonl`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFileAtomically(datasetPath, jsonLines(pairs));
    return unwrap(
      await compute.run<'score'>({
        kind: 'score',
        modelDir,
        checkpointDir,
        datasetPath,
        outputPath: join(folder, `${stamp}.jsonl`),
        cacheDir: join(project.filesDir, 'cache'),
        engine,
      }),
    );
  } finally {
    await rm(datasetPath, { force: true });
  }
}
