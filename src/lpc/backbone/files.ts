/** Small reads of a model folder, with sizes bounded before memory is taken. */
import { stat } from 'node:fs/promises';
import { FacetError } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { openFile } from '#disk/openFile.ts';

/** Largest JSON file of a model folder that is read into memory. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

export async function fileExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Text of a UTF-8 file, or null where there is no such file. Throws `model.file-too-large`. */
export async function readTextFile(path: string): Promise<string | null> {
  try {
    const handle = await openFile(path);
    try {
      const { size } = await handle.stat();
      if (size > MAX_TEXT_BYTES) {
        throw new FacetError({
          code: 'model.file-too-large',
          message: `${path} is ${size} bytes; no more than ${MAX_TEXT_BYTES} are read.`,
          fix: 'Check that this file belongs to the model folder.',
          where: { file: path },
        });
      }
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of a file by its path, null where there is none; `readTextFile`, or what stands in for a disk. */
export type ReadText = (path: string) => Promise<string | null>;

/** The object in a JSON file, or null where there is no such file. Throws `model.invalid-json`. */
export async function readJsonObject(
  path: string,
  read: ReadText = readTextFile,
): Promise<JsonObject | null> {
  const text = await read(path);
  if (text === null) return null;
  const invalid = (why: string, cause?: unknown) =>
    new FacetError(
      {
        code: 'model.invalid-json',
        message: `${path} can't be read: ${why}.`,
        fix: 'Fetch the file again; it may be cut off.',
        where: { file: path },
      },
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
  if (!isJsonObject(value)) throw invalid('it does not hold a JSON object');
  return value;
}
