/** A job folder as the archive that a Ray cluster hands to its workers. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { FacetError } from '#core/result.ts';
import { storedZip } from '#disk/storedZip.ts';
import { filesUnder } from '../writeJob.ts';

/** What a dashboard takes at most (Ray 2.60, `DASHBOARD_CLIENT_MAX_SIZE`). */
const MOST_BYTES = 100 * 1024 ** 2;

/** Written by the programs themselves: none of the job's own. */
const isWritten = (name: string): boolean => /^(result|scores)([\\/.]|$)/.test(name);

/** Named after its bytes, so that the same folder is sent once. Throws `ray.no-folder`, `ray.too-large`. */
export async function rayPackage(
  folder: string,
): Promise<{ readonly name: string; readonly archive: Uint8Array }> {
  const there = await stat(join(folder, 'job.json')).catch(() => null);
  if (there === null)
    throw new FacetError({
      code: 'ray.no-folder',
      message: `${folder} is no job folder any more.`,
      fix: 'Make the job again.',
      where: { file: folder },
    });
  const names = (await filesUnder(folder)).filter((name) => !isWritten(name)).sort();
  const files = names.map((name) => ({ name: name.replaceAll('\\', '/'), path: join(folder, name) }));
  let bytes = 0;
  for (const { path } of files) bytes += (await stat(path)).size;
  if (bytes > MOST_BYTES)
    throw new FacetError({
      code: 'ray.too-large',
      message: `The job is ${Math.ceil(bytes / 1024 ** 2)} MiB, and a Ray cluster takes ${MOST_BYTES / 1024 ** 2} MiB by its dashboard.`,
      fix: 'Name the model by a hub or by a path that the cluster sees; or copy the folder to the cluster and type ray job submit there.',
      where: { file: folder },
    });
  const archive = await buffer(storedZip(files));
  const digest = createHash('sha256').update(archive).digest('hex').slice(0, 32);
  return { name: `_ray_pkg_${digest}.zip`, archive };
}
