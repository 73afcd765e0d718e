/** A workbench without a window for the length of one command. */
import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { Host } from '../api/Host.ts';
import { createFacet, type Facet, type FacetOptions } from '../app.ts';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool, type PoolOptions } from '../compute/workerPool.ts';
import { codeVersion, resourcesDir, userDataDir, workerEntry } from '../environment.ts';

/** A browser or a shell has no native dialogs. */
const headlessHost: Host = { kind: 'browser', pickFile: async () => null, pickFiles: async () => [] };

/** `yielding`: long computing leaves the processor to whoever waits for an answer, where somebody does. */
export function createHeadlessFacet(
  dataDir: string = userDataDir(),
  { yielding = false, log }: Pick<PoolOptions, 'yielding'> & Pick<FacetOptions, 'log'> = {},
): Facet {
  return createFacet({
    userDataDir: dataDir,
    resourcesDir,
    compute: createWorkerPool(() => startForkedWorker(workerEntry), { yielding }),
    host: headlessHost,
    version: codeVersion(),
    ...(log && { log }),
  });
}

/** Opens the project file; makes it first where `create` allows. */
export async function openProject(facet: Facet, file: string, create: boolean): Promise<void> {
  const path = resolve(file);
  if (existsSync(path)) {
    await facet.services.project.open(path);
    return;
  }
  if (!create) {
    throw new FacetError({
      code: 'cli.no-project',
      message: 'there is no such project file',
      where: { file: path },
      fix: 'Make one by importing pairs: facet import PAIRS --project FILE',
    });
  }
  await facet.services.project.create({ path, name: basename(path, extname(path)) });
}

/** Runs `work` over a workbench and leaves nothing running behind, whatever happens. */
export async function withFacet<T>(work: (facet: Facet) => Promise<T>): Promise<T> {
  const facet = createHeadlessFacet();
  try {
    return await work(facet);
  } finally {
    await facet.dispose();
  }
}

export function withProject<T>(
  file: string,
  create: boolean,
  work: (facet: Facet) => Promise<T>,
): Promise<T> {
  return withFacet(async (facet) => {
    await openProject(facet, file, create);
    return work(facet);
  });
}
