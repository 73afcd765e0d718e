/** A result of a job as it came: a folder, or a zip archive of one. Read and checked whole before anything is taken. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { z } from 'zod';
import { FacetError, toFailure } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { isMissing } from '#disk/failures.ts';
import { verifyFolder } from '#disk/folder.ts';
import { hashFile, hashText } from '#disk/hash.ts';
import { readText } from '#disk/readText.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { openZipEntry, zipEntries } from '../import/files/zip.ts';

const FORMAT = 1;
const SEAL = 'result.json';
const FRAMES = 'frames.jsonl';

/** A file of a result, never outside of it. */
const fileName = z.string().regex(/^[a-z0-9][\w-]*\.(jsonl|json|f32)$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const checkpointSchema = z.object({
  type: z.literal('checkpoint'),
  step: z.number().int().nonnegative(),
  kind: z.enum(['last', 'best']),
  path: z.string().regex(/^checkpoints\/(?:last|best)-\d+$/),
  sha256,
  bytes: z.number().nonnegative(),
});
const sealSchema = z.object({
  format: z.number(),
  job: z.uuid(),
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  failure: z.string().nullable(),
  step: z.number().int().nonnegative(),
  steps: z.number().int().positive(),
  written: z.string(),
  torch: z.string(),
  frames: z.object({ bytes: z.number().int().nonnegative(), sha256 }),
  checkpoints: z.array(checkpointSchema),
  files: z.record(fileName, sha256),
});
export type ResultSeal = z.infer<typeof sealSchema>;

export interface OpenResult {
  readonly folder: string;
  readonly seal: ResultSeal;
  readonly frames: readonly RunFrame[];
}

const damaged = (file: string, reason: string): FacetError =>
  new FacetError({
    code: 'job.damaged-result',
    message: `${file} can’t be taken: ${reason}`,
    fix: 'Copy the result again, whole; a run that goes on writes it anew at each evaluation.',
    where: { file },
  });

async function readSeal(folder: string): Promise<ResultSeal> {
  const path = join(folder, SEAL);
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new FacetError({
      code: 'job.no-result',
      message: `${folder} holds no ${SEAL}: it is no result of a job, or one without an evaluation yet.`,
      fix: 'Choose the folder result of a job, or result.zip.',
      where: { file: folder },
    });
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
  if (parsed.data.format !== FORMAT)
    throw damaged(path, `it has format ${parsed.data.format}, but this version reads ${FORMAT}.`);
  return parsed.data;
}

const TYPES: ReadonlySet<string> = new Set(['step', 'evaluation', 'checkpoint', 'phase', 'warning']);
const frameSchema = z.looseObject({ type: z.string(), step: z.number().int().nonnegative().optional() });

function frameIn(line: string, file: string): z.infer<typeof frameSchema> {
  try {
    return frameSchema.parse(JSON.parse(line));
  } catch {
    throw damaged(file, 'a line of it is no figure of a run.');
  }
}

/** The frames that the seal names: more may have come since. */
async function readFrames(folder: string, { frames }: ResultSeal): Promise<RunFrame[]> {
  const path = join(folder, FRAMES);
  const bytes = Buffer.from(await readText(path)).subarray(0, frames.bytes);
  const text = bytes.toString('utf8');
  if (bytes.length !== frames.bytes || hashText(text) !== frames.sha256)
    throw damaged(path, 'its figures are not those that it names.');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const frame = frameIn(line, path);
      if (!TYPES.has(frame.type)) throw damaged(path, `it tells of ${frame.type}, which is unknown.`);
      return frame as unknown as RunFrame;
    });
}

async function checkFiles(folder: string, seal: ResultSeal): Promise<void> {
  for (const [name, expected] of Object.entries(seal.files)) {
    const path = join(folder, name);
    const found = await hashFile(path).catch(() => null);
    if (found === null) throw damaged(path, 'it is missing.');
    if (found !== expected) throw damaged(path, 'it has changed since it was written.');
  }
  for (const checkpoint of seal.checkpoints) {
    const path = join(folder, checkpoint.path);
    const found = await verifyFolder(path).catch((error: unknown) => {
      throw damaged(path, toFailure(error).message);
    });
    if (found.sha256 !== checkpoint.sha256)
      throw damaged(path, 'it is not the checkpoint that the result names.');
  }
}

async function unpack(archive: string, into: string): Promise<void> {
  for (const name of await zipEntries(archive)) {
    const place = normalize(name);
    if (place.startsWith('..') || place.startsWith('/') || place.includes(':'))
      throw damaged(archive, `it names a file outside of itself, ${name}.`);
    await writeFileAtomic(join(into, place), openZipEntry(archive, name).chunks());
  }
}

/** Reads a result and hands it to `take`; an archive is unpacked in `workDir` for as long. Throws `job.…`. */
export async function withResult<T>(
  given: string,
  workDir: string,
  take: (result: OpenResult) => Promise<T>,
): Promise<T> {
  const there = await stat(given).catch(() => null);
  if (there === null)
    throw new FacetError({
      code: 'job.no-result',
      message: `There is no file or folder ${given}.`,
      fix: 'Choose the folder result of a job, or result.zip.',
      where: { file: given },
    });
  const folder = there.isDirectory() ? given : await mkdtemp(join(workDir, 'taking-'));
  try {
    if (!there.isDirectory()) await unpack(given, folder);
    const inside = await stat(join(folder, SEAL)).catch(() => null);
    const at = inside ? folder : join(folder, 'result');
    const root = (await stat(join(at, SEAL)).catch(() => null)) ? at : folder;
    const seal = await readSeal(root);
    const frames = await readFrames(root, seal).catch((error: unknown) => {
      if (error instanceof FacetError) throw error;
      throw damaged(join(root, FRAMES), toFailure(error).message);
    });
    await checkFiles(root, seal);
    return await take({ folder: root, seal, frames });
  } finally {
    if (folder !== given) await rm(folder, { recursive: true, force: true });
  }
}
