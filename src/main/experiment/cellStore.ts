/** What cells measured, one file a content key, whole or absent; and the pair files that cells share. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError, toFailure } from '#core/result.ts';
import { ENGINE_NAMES } from '#core/runConfig.ts';
import { hashText } from '#disk/hash.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { isProcessAlive } from '#disk/partials.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';
import type { Cell, Measurement } from './types.ts';

/** Raised when measurements of the same settings, data, model and code would mean something else than before. */
const FORMAT = 1;

const measurementSchema = z.object({
  contentKey: z.string(),
  config: runConfigSchema,
  engine: z.enum(ENGINE_NAMES),
  modelFingerprint: z.string(),
  trainingSha256: z.string(),
  testSha256: z.string(),
  trainingPairs: z.number(),
  codeVersion: z.string(),
  codeFingerprint: z.string(),
  pairs: z.array(
    z.object({
      pairId: z.string(),
      promptId: z.string(),
      margin: z.number(),
      posteriorMargin: z.number().nullable(),
      swappedMargin: z.number().nullable(),
      kl: z.number().nullable(),
    }),
  ),
  codes: z
    .object({
      codes: z.number(),
      promptIds: z.array(z.string()),
      weights: z.array(z.number()),
      states: z.object({ size: z.number(), values: z.array(z.number()) }).optional(),
    })
    .nullable(),
  warnings: z.array(z.string()),
  seconds: z.number(),
  at: z.string(),
}) satisfies z.ZodType<Measurement>;

export interface CellInputs {
  readonly trainingSha256: string;
  readonly testSha256: string;
  readonly modelFingerprint: string;
  readonly codeFingerprint: string;
}

/** Names what a cell measures: everything its figures depend on, and nothing else. */
export const contentKeyOf = (cell: Cell, inputs: CellInputs): string =>
  hashText(JSON.stringify([FORMAT, cell.config, inputs])).slice(0, 40);

export interface CellStore {
  readonly cacheDir: string;
  read(contentKey: string): Measurement | null;
  write(measurement: Measurement): Promise<void>;
  /** Where the pairs lie; written once, whoever needs them. */
  pairFile(hash: string, pairs: readonly PreferencePair[]): Promise<string>;
  /** Prompts of the pairs, each once, in their order. */
  promptFile(hash: string, pairs: readonly PreferencePair[]): Promise<string>;
  /** An empty folder for one cell's run; removed by the caller. */
  workDir(contentKey: string): string;
}

/** The first pair of each prompt. */
export function promptsOf(pairs: readonly PreferencePair[]): PreferencePair[] {
  const seen = new Set<string>();
  return pairs.filter(({ promptId }) => !seen.has(promptId) && seen.add(promptId));
}

/** Work under way of a process that was killed is of no use to anyone. */
function removeAbandoned(workRoot: string): void {
  for (const name of readdirSync(workRoot)) {
    const pid = Number(name.split('.').at(-1));
    if (!isProcessAlive(pid)) rmSync(join(workRoot, name), { recursive: true, force: true });
  }
}

/** Opens a folder of results, made if absent. Throws `experiment.unwritable-folder`. */
export function openCellStore(folder: string): CellStore {
  const inside = (name: string): string => join(folder, name);
  try {
    for (const name of ['cells', 'data', 'work', 'cache']) mkdirSync(inside(name), { recursive: true });
    removeAbandoned(inside('work'));
  } catch (error) {
    throw new FacetError(
      {
        code: 'experiment.unwritable-folder',
        message: `The results folder can't be used: ${toFailure(error).message}.`,
        where: { file: folder },
        fix: 'Name a folder that you can write to with --folder.',
      },
      { cause: error },
    );
  }
  const underWay = new Map<string, Promise<string>>();
  const writePairs = async (path: string, rows: Iterable<unknown>): Promise<string> => {
    await writeJsonLines(path, rows);
    return path;
  };
  const once = (path: string, rows: Iterable<unknown>): Promise<string> => {
    const writing = underWay.get(path);
    if (writing) return writing;
    const written = existsSync(path) ? Promise.resolve(path) : writePairs(path, rows);
    underWay.set(path, written);
    return written;
  };
  const cellPath = (contentKey: string): string => join(inside('cells'), `${contentKey}.json`);
  return {
    cacheDir: inside('cache'),
    read(contentKey) {
      const path = cellPath(contentKey);
      if (!existsSync(path)) return null;
      try {
        return measurementSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        // Not readable is not there: it is measured again and written anew.
        return null;
      }
    },
    async write(measurement) {
      await writeFileAtomic(cellPath(measurement.contentKey), [JSON.stringify(measurement)]);
    },
    pairFile: (hash, pairs) => once(join(inside('data'), `${hash}.jsonl`), pairs),
    promptFile: (hash, pairs) =>
      once(
        join(inside('data'), `${hash}.prompts.jsonl`),
        promptsOf(pairs).map(({ promptId, messages }) => ({ id: promptId, messages })),
      ),
    workDir(contentKey) {
      const path = join(inside('work'), `${contentKey}.${process.pid}`);
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { recursive: true });
      return path;
    },
  };
}
