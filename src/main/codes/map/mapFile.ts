/** Pictures of prompts as they are kept beside a run: one file for each checkpoint and settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FacetError } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { codeMapSchema, type MapSettings } from '#shared/codeMap.ts';

const headSchema = codeMapSchema.omit({ promptIds: true, places: true }).extend({ format: z.literal(1) });
type MapHead = Omit<z.infer<typeof headSchema>, 'format'>;

export interface StoredMap extends MapHead {
  readonly promptIds: Uint32Array;
  /** Rows × 2, 0 to `MAP_EDGE`. */
  readonly places: Uint16Array;
}

/** Bytes of the length of the head, before it. */
const LENGTH = 4;

export const mapPath = (runDir: string, step: number, { method, features, seed }: MapSettings): string =>
  join(runDir, 'maps', `${step}-${features}-${method}-${seed}.map`);

const bytesOf = (values: Uint32Array | Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

export async function writeMap(path: string, { promptIds, places, ...head }: StoredMap): Promise<void> {
  const text = Buffer.from(JSON.stringify({ ...head, format: 1 }));
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(text.length);
  await writeFileAtomic(path, [length, text, bytesOf(promptIds), bytesOf(places)]);
}

/** null where there is none, or one of another format. For a thread: it reads at once. Throws `codes.map-damaged`. */
export function readMap(path: string): StoredMap | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const damaged = new FacetError({
    code: 'codes.map-damaged',
    message: `The picture of prompts in ${path} is damaged.`,
    fix: 'Remove that file and lay the prompts out again.',
    where: { file: path },
  });
  if (bytes.length < LENGTH) throw damaged;
  const from = LENGTH + bytes.readUInt32LE(0);
  if (from > bytes.length) throw damaged;
  let told: unknown;
  try {
    told = JSON.parse(bytes.subarray(LENGTH, from).toString('utf8'));
  } catch {
    throw damaged;
  }
  const head = headSchema.safeParse(told);
  if (!head.success) return null;
  const { format: _, ...known } = head.data;
  if (bytes.length !== from + 8 * known.rows) throw damaged;
  const promptIds = new Uint32Array(known.rows);
  const places = new Uint16Array(2 * known.rows);
  bytesOf(promptIds).set(bytes.subarray(from, from + 4 * known.rows));
  bytesOf(places).set(bytes.subarray(from + 4 * known.rows));
  return { ...known, promptIds, places };
}
