/** For tests: the workbench over a temporary folder, with a compute process played by the test. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Job } from '#core/jobs.ts';
import { createFacet, type Facet, type FacetOptions } from './app.ts';
import type { ComputeClient } from './compute/ComputeClient.ts';
import { temporaryFolder } from './data/testProject.ts';

const NO_COMPUTE: ComputeClient = {
  run: async (job: Job) => ({ ok: false, failure: { code: 'test.no-compute', message: `no ${job.kind}` } }),
  dispose: async () => undefined,
};

export function facetOver(folder: string, changes: Partial<FacetOptions> = {}): Facet {
  return createFacet({
    userDataDir: join(folder, 'user'),
    resourcesDir: join(folder, 'resources'),
    compute: NO_COMPUTE,
    host: { kind: 'browser', pickFile: async () => null, pickFiles: async () => [] },
    version: 'test',
    log: () => undefined,
    ...changes,
  });
}

/** A workbench with an empty project open; closed when the test ends. */
export async function openFacet(
  changes: Partial<FacetOptions> = {},
): Promise<{ facet: Facet; folder: string; path: string }> {
  const folder = temporaryFolder();
  const facet = facetOver(folder, changes);
  onTestFinished(() => facet.dispose());
  const path = join(folder, 'test.facet');
  await facet.services.project.create({ path, name: 'Test' });
  return { facet, folder, path };
}

/** Imports a file to its end and gives the last frame. */
export async function importAll(facet: Facet, file: string) {
  for await (const frame of facet.services.library.import(file)) {
    if (frame.type === 'done') return frame;
  }
  throw new Error('the import ended without a word');
}
