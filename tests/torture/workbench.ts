/** A workbench over the sample with one short run, to be broken off and gone on with: the same bits each time. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { createFacet, type Facet } from '#main/app.ts';
import { startForkedWorker } from '#main/compute/forkLink.ts';
import { createWorkerPool, type WorkerPool } from '#main/compute/workerPool.ts';
import { resourcesDir, workerEntry } from '#main/environment.ts';
import type { Run } from '#shared/entities.ts';

export const CONFIG: RunConfig = {
  ...DEFAULT_RUN,
  latent: { ...DEFAULT_LATENT, codes: 4 },
  trainable: 'heads',
  steps: 24,
  warmupSteps: 0,
  tokenBudget: 256,
  maxPromptTokens: 64,
  maxReplyTokens: 64,
  evaluateEvery: 4,
  engine: 'onnx-cpu',
};

export interface Workbench {
  readonly facet: Facet;
  readonly compute: WorkerPool;
}

/** Its compute processes get `environment` beside. */
export async function openWorkbench(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Workbench> {
  const compute = createWorkerPool(() => startForkedWorker(workerEntry, environment));
  const facet = createFacet({
    userDataDir: join(folder, 'user'),
    resourcesDir,
    compute,
    host: { kind: 'browser', pickFile: async () => null, pickFiles: async () => [] },
    version: 'torture',
    log: () => undefined,
  });
  await facet.services.project.openSample();
  return { facet, compute };
}

export async function startRun({ services: { models, runs } }: Facet): Promise<Run> {
  const [model] = await models.list();
  if (!model) throw new Error('the starter model is missing');
  const selection = { labels: 'imported' as const, sourceIds: null };
  return runs.start({ modelId: model.id, config: CONFIG, selection });
}

/** Goes on until the run is finished; from its start where it was broken off before anything was saved. */
export async function finishRun(facet: Facet, broken: Run): Promise<Run> {
  const { runs } = facet.services;
  let run = broken;
  while (run.state !== 'finished') {
    run = run.resumable ? await runs.resume(run.id) : await startRun(facet);
    run = await runs.wait(run.id);
    // Nobody ends it here.
    if (run.state !== 'finished') throw new Error(`the run ended as ${run.state}: ${run.failure?.message}`);
  }
  return run;
}

export const filesOf = (folder: string): string => join(folder, 'user', 'sample.facet.files');

/** Of every file below a folder whose name fits. */
export function folderHash(folder: string, fits: (name: string) => boolean = () => true): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const path = join(folder, name);
    if (fits(name) && statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Of the weights after the last step. */
export function weightsHash(folder: string, runId: number): string {
  const checkpoints = join(filesOf(folder), 'runs', String(runId), 'checkpoints');
  const last = existsSync(checkpoints) && readdirSync(checkpoints).find((name) => /^last-\d+$/.test(name));
  if (!last) throw new Error('the finished run has no last checkpoint');
  return folderHash(join(checkpoints, last), (name) => name.endsWith('.safetensors'));
}
