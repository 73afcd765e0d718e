/** Keeps the pairs of reported steps, with their margins and codes, so that a point of a chart can be looked into. */
import { join } from 'node:path';
import { strongestCodes } from '#core/codebook.ts';
import { STEP_PAIRS_FILE, type StepPairs } from '#core/stepPairs.ts';
import { isMissing } from '#disk/failures.ts';
import { GrowingFile } from '#disk/GrowingFile.ts';
import { jsonLine } from '#disk/lines.ts';
import { bytesBelow } from '#disk/sortedLines.ts';
import { isPair } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';

const DIGITS = 4;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

export interface StepPairsLog {
  put(step: number, figures: StepPairFigures): Promise<void>;
  /** What was put is on the disk when it returns. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
interface StepPairFigures {
  readonly rows: readonly PackedRow[];
  /** Of the rows' pairs, in order. */
  readonly margins: readonly number[];
  /** p(z|x) of the same, (pairs, K); null without a codebook. */
  readonly priors: Float32Array | null;
}

/** Without labels of single replies: they are compared with nothing. */
function rowOf(step: number, { rows, margins, priors }: StepPairFigures): StepPairs {
  const all = rows.flatMap((row) => row.pairs);
  const places = all.flatMap((pair, place) => (isPair(pair) ? [place] : []));
  const codes = priors === null ? 0 : priors.length / all.length;
  const strongest = priors === null ? null : strongestCodes(priors, codes);
  return {
    step,
    pairIds: places.map((place) => all[place]?.pairId as string),
    margins: places.map((place) => rounded(margins[place] as number)),
    codes: strongest && places.map((place) => strongest[place] as number),
    weights:
      strongest &&
      places.map((place) => rounded(priors?.[place * codes + (strongest[place] as number)] as number)),
  };
}

const stepOf = (row: unknown): number => (row as StepPairs).step;

/** Bytes of the steps up to `step`, which a run that goes on from there keeps. */
async function bytesUpTo(path: string, step: number): Promise<number> {
  try {
    return await bytesBelow(path, step + 1, stepOf);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Opens the log of a run that goes on after `step`, 0 for one that begins. Throws `disk.…`. */
export async function openStepPairsLog(runDir: string, step: number): Promise<StepPairsLog> {
  const path = join(runDir, STEP_PAIRS_FILE);
  const file = await GrowingFile.open(path, step === 0 ? 0 : await bytesUpTo(path, step));
  return {
    // Synced with each checkpoint alone: what a crash of the machine takes is told of steps that are taken again.
    put: (done, figures) => file.write(jsonLine(rowOf(done, figures))),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
