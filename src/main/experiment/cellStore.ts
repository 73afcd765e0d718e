/** What cells measured, one file a content key, whole or absent; and the pair files that cells share. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Causes } from '#core/causes/types.ts';
import { FacetError, toFailure } from '#core/result.ts';
import { ENGINE_NAMES } from '#core/runConfig.ts';
import { hashText } from '#disk/hash.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { isProcessAlive } from '#disk/partials.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';
import { heldOutRows } from './cellPairs.ts';
import type { Cell, CellData, Measurement } from './types.ts';

/** Raised when measurements of the same settings, data, model and code would mean something else than before. */
const FORMAT = 2;

const gainSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });
const causesSchema = z.object({
  codes: z.array(z.number()),
  groups: z.array(z.string()),
  effects: z.array(
    z.object({
      code: z.number(),
      group: z.string(),
      pairs: z.number(),
      accuracy: z.number(),
      low: z.number(),
      high: z.number(),
      margin: z.number(),
      pinnedAccuracy: z.number(),
    }),
  ),
  serves: z.array(z.string().nullable()),
  recovery: z.number().nullable(),
  gainOverOneCode: gainSchema,
  gainOverOff: gainSchema.nullable(),
  gainOverShared: gainSchema.nullable(),
}) satisfies z.ZodType<Causes>;

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
  causes: causesSchema.nullable(),
  firstLoss: z.number().nullable(),
  warnings: z.array(z.string()),
  seconds: z.number(),
  processorSeconds: z.number(),
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

/** Of pair files with these hashes. */
export const dataFilesName = (trainingSha256: string, testSha256: string): string =>
  `${trainingSha256.slice(0, 32)}-${testSha256.slice(0, 32)}`;

export interface CellStore {
  readonly cacheDir: string;
  read(contentKey: string): Measurement | null;
  write(measurement: Measurement): Promise<void>;
  /** What a training run reads: training and test pairs, and which prompts it holds out. Written once, whoever needs them. */
  dataFiles(
    name: string,
    data: CellData,
  ): Promise<{ readonly datasetPath: string; readonly heldOutPromptsPath: string }>;
  /** An empty folder for one cell's run; removed by the caller. */
  workDir(contentKey: string): string;
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
    async dataFiles(name, data) {
      const test = heldOutRows(data);
      const prompts = [...new Set(test.map(({ promptId }) => promptId))];
      return {
        datasetPath: await once(join(inside('data'), `${name}.jsonl`), [...data.training, ...test]),
        heldOutPromptsPath: await once(join(inside('data'), `${name}.held-out.json`), [prompts]),
      };
    },
    workDir(contentKey) {
      const path = join(inside('work'), `${contentKey}.${process.pid}`);
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { recursive: true });
      return path;
    },
  };
}
