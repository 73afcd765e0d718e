import { mkdir, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { ScoreResult } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import { hashText } from '#disk/hash.ts';
import { writeJsonLines } from '#disk/lines.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { hashBytes, promptHash } from '../data/hashes.ts';
import { FileReading, readFile } from '../import/readFile.ts';
import { sourceName } from '../import/sourceName.ts';
import type { ImportedPair } from '../import/types.ts';
import type { OpenProject } from './OpenProject.ts';

export interface ScoreRequest {
  readonly file: string;
  /** Where the rows go; in the project's folder by default. */
  readonly outputPath?: string | undefined;
  readonly modelDir: string;
  readonly checkpointDir: string | null;
  readonly engine: EngineChoice;
}

/** The replies of a pair whose verdicts agree on one of them. */
function preferredReplies({
  replies,
  turns,
  verdicts,
}: ImportedPair): Pick<PreferencePair, 'chosen' | 'rejected' | 'chosenTurns' | 'rejectedTurns'> | null {
  const [first, ...others] = verdicts;
  if (!first || others.some(({ verdict }) => verdict !== first.verdict)) return null;
  if (first.verdict !== 'first' && first.verdict !== 'second') return null;
  const [chosen, rejected] = first.verdict === 'first' ? ([0, 1] as const) : ([1, 0] as const);
  return {
    chosen: replies[chosen],
    rejected: replies[rejected],
    chosenTurns: turns?.[chosen] ?? undefined,
    rejectedTurns: turns?.[rejected] ?? undefined,
  };
}

async function readPairs(file: string): Promise<PreferencePair[]> {
  const pairs: PreferencePair[] = [];
  for await (const { rows } of readFile({ path: file }, new FileReading(), 500)) {
    for (const { row, outcome } of rows) {
      if (!outcome.ok) continue;
      for (const item of outcome.items) {
        const preferred = item.kind === 'pair' ? preferredReplies(item) : null;
        if (!preferred) continue;
        const { messages, aspect, itemId } = item;
        const promptId = hashBytes(promptHash(messages)).toString('hex');
        const source = sourceName(item, file);
        pairs.push({ id: itemId ?? `row-${row}`, promptId, source, aspect, messages, ...preferred });
      }
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

/**
 * Margins of a pair file that need not be in the project. The same question has the same place, so that one that was
 * broken off goes on where it was.
 */
export async function scoreFile(
  project: OpenProject,
  compute: ComputeClient,
  { file, outputPath, modelDir, checkpointDir, engine }: ScoreRequest,
  options: ComputeOptions = {},
): Promise<ScoreResult> {
  const pairs = await readPairs(file);
  const folder = join(project.filesDir, 'scores');
  await mkdir(folder, { recursive: true });
  const asked = hashText(JSON.stringify([pairs, modelDir, checkpointDir, engine]));
  const name = `${parse(file).name}-${asked.slice(0, 12)}`;
  const datasetPath = join(folder, `${name}.pairs.jsonl`);
  try {
    await writeJsonLines(datasetPath, pairs);
    return unwrap(
      await compute.run<'score'>(
        {
          kind: 'score',
          modelDir,
          checkpointDir,
          datasetPath,
          outputPath: outputPath ?? join(folder, `${name}.jsonl`),
          cacheDir: join(project.filesDir, 'cache'),
          engine,
        },
        options,
      ),
    );
  } finally {
    await rm(datasetPath, { force: true });
  }
}
