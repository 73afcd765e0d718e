/** Scores of a job's checkpoint as `score.py` left them: Parquet pieces, and a seal that names all of them. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FacetError, toFailure } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { hashFile } from '#disk/hash.ts';
import { readText } from '#disk/readText.ts';
import { parquetOnDisk, parquetRows } from '../import/files/parquet.ts';

const FORMAT = 1;
const SEAL = 'scores.json';

const pieceSchema = z.object({
  name: z.string().regex(/^(?:prompts|pairs)-\d{6,}\.parquet$/),
  kind: z.enum(['prompts', 'pairs']),
  rows: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const sealSchema = z.object({
  format: z.literal(FORMAT),
  job: z.uuid(),
  step: z.number().int().nonnegative(),
  codes: z.number().int().positive().nullable(),
  /** Whether prompts and pairs are those of the job. */
  ofJob: z.boolean(),
  pieces: z.array(pieceSchema),
});
export type ScoresSeal = z.infer<typeof sealSchema>;

const rowSchema = z.object({ id: z.string(), weights: z.array(z.number()) });

const damaged = (file: string, reason: string): FacetError =>
  new FacetError({
    code: 'job.damaged-scores',
    message: `${file} can’t be taken: ${reason}`,
    fix: 'Copy the scores again, whole.',
    where: { file },
  });

/** null where the folder holds no scores; throws `job.damaged-scores` where a piece is missing or has changed. */
export async function openScores(folder: string): Promise<ScoresSeal | null> {
  const there = await stat(folder).catch(() => null);
  if (there?.isDirectory() !== true) return null;
  const path = join(folder, SEAL);
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, `it is not JSON (${toFailure(error).message}).`);
  }
  const parsed = sealSchema.safeParse(value);
  if (!parsed.success)
    throw damaged(path, `${parsed.error.issues[0]?.path.join('.')} is not as it should be.`);
  for (const { name, sha256 } of parsed.data.pieces) {
    const found = await hashFile(join(folder, name)).catch(() => null);
    if (found === null) throw damaged(join(folder, name), 'it is missing.');
    if (found !== sha256) throw damaged(join(folder, name), 'it has changed since it was written.');
  }
  return parsed.data;
}

/** p(z|x) of prompts, a few hundred at a time; `weights` has K numbers. */
export async function* codesOfPieces(
  folder: string,
  { pieces, codes }: ScoresSeal,
): AsyncGenerator<readonly { readonly id: string; readonly weights: readonly number[] }[]> {
  for (const { name } of pieces.filter(({ kind }) => kind === 'prompts')) {
    const file = join(folder, name);
    const { buffer, close } = await parquetOnDisk(file);
    try {
      for await (const rows of parquetRows(file, buffer))
        yield rows.map((found) => {
          const { row } = found;
          const parsed = rowSchema.safeParse('value' in found ? found.value : null);
          if (!parsed.success) throw damaged(file, `row ${row} is not as it should be.`);
          if (parsed.data.weights.length !== codes)
            throw damaged(file, `row ${row} has ${parsed.data.weights.length} numbers, not ${codes}.`);
          return parsed.data;
        });
    } finally {
      await close();
    }
  }
}
