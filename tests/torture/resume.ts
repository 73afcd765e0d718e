/** A run whose compute process is killed again and again, beside one that is left alone: the same bits in the end. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomSource } from '#core/random.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { createFacet } from '#main/app.ts';
import { startForkedWorker } from '#main/compute/forkLink.ts';
import { createWorkerPool } from '#main/compute/workerPool.ts';
import { resourcesDir, workerEntry } from '#main/environment.ts';

const KILLS_AT_MOST = 3;

const config: RunConfig = {
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

/** Of every file of weights in a folder of a checkpoint. */
function weightsHash(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.safetensors'))
    .sort())
    hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/** Trains to the end, killing the process `kills` times at random steps; gives the hash of the last weights. */
async function train(folder: string, kills: number, random: RandomSource): Promise<string> {
  const compute = createWorkerPool(() => startForkedWorker(workerEntry));
  const facet = createFacet({
    userDataDir: join(folder, 'user'),
    resourcesDir,
    compute,
    host: { kind: 'browser', pickFile: async () => null, pickFiles: async () => [] },
    version: 'torture',
    log: () => undefined,
  });
  const { project, runs, models } = facet.services;
  try {
    await project.openSample();
    const [model] = await models.list();
    if (!model) throw new Error('the starter model is missing');
    const request = {
      modelId: model.id,
      config,
      selection: { labels: 'imported' as const, sourceIds: null },
    };
    let run = await runs.start(request);
    for (let left = kills; ; left -= 1) {
      const at = left > 0 ? 5 + random.integer(config.steps - 5) : Number.POSITIVE_INFINITY;
      for await (const frame of runs.frames(run.id)) {
        if (frame.type === 'step' && frame.step >= at)
          for (const pid of compute.pids()) process.kill(pid, 'SIGKILL');
      }
      run = await runs.wait(run.id);
      if (run.state === 'finished') break;
      // Killed before anything was saved: from the start, then.
      run = run.resumable ? await runs.resume(run.id) : await runs.start(request);
    }
    const filesDir = `${project.current()?.path}.files`;
    const checkpoints = join(filesDir, 'runs', String(run.id), 'checkpoints');
    const last = readdirSync(checkpoints).find((name) => name.startsWith('last'));
    return weightsHash(join(checkpoints, last as string));
  } finally {
    await facet.dispose();
  }
}

const alone = new Map<string, string>();

/** `root` outlives the rounds: the run that is left alone is trained there once. */
export async function resumeTrial(
  root: string,
  folder: string,
  random: RandomSource,
): Promise<{ kills: number; isSame: boolean }> {
  if (!alone.has(root)) {
    const own = join(root, 'alone');
    if (!existsSync(own)) mkdirSync(own);
    alone.set(root, await train(own, 0, random));
  }
  const kills = 1 + random.integer(KILLS_AT_MOST);
  return { kills, isSame: (await train(folder, kills, random)) === alone.get(root) };
}
