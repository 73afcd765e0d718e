/** A run that is broken off again and again, beside one that is left alone: the same bits in the end. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RandomSource } from '#core/random.ts';
import { CONFIG, finishRun, openWorkbench, startRun, type Workbench, weightsHash } from './workbench.ts';

const KILLS_AT_MOST = 3;
/** From a step's frame to the kill: into the next step, an evaluation, a checkpoint, or what follows the last step. */
const LATER_MS = 120;

export interface Trial {
  readonly kills: number;
  readonly isSame: boolean;
}

/** Follows a run and ends its compute process some time after a step of it, the last one too. */
async function killOnce(
  { facet, compute }: Workbench,
  runId: number,
  random: RandomSource,
): Promise<boolean> {
  // Half of them where an evaluation and a checkpoint follow.
  const step = 1 + random.integer(CONFIG.steps);
  const at = random.integer(2) === 0 ? step : Math.ceil(step / CONFIG.evaluateEvery) * CONFIG.evaluateEvery;
  const later = random.integer(LATER_MS);
  let isKilled = false;
  for await (const frame of facet.services.runs.frames(runId)) {
    if (isKilled || frame.type !== 'step' || frame.step < at) continue;
    isKilled = true;
    void pause(later).then(() => {
      for (const pid of compute.pids()) process.kill(pid, 'SIGKILL');
    });
  }
  return isKilled;
}

/** Trains to the end, killing the compute process `kills` times; gives the hash of the last weights. */
async function train(folder: string, kills: number, random: RandomSource): Promise<string> {
  const bench = await openWorkbench(folder);
  const { runs } = bench.facet.services;
  try {
    let run = await startRun(bench.facet);
    for (let left = kills; left > 0 && run.state !== 'finished'; left -= 1) {
      await killOnce(bench, run.id, random);
      run = await runs.wait(run.id);
      if (run.state === 'finished' || left === 1) break;
      run = run.resumable ? await runs.resume(run.id) : await startRun(bench.facet);
    }
    run = await finishRun(bench.facet, await runs.wait(run.id));
    return weightsHash(folder, run.id);
  } finally {
    await bench.facet.dispose();
  }
}

const alone = new Map<string, string>();

/** The folder of the run that nobody breaks off, trained once below `root`, and the hash of its weights. */
export async function runAlone(
  root: string,
  random: RandomSource,
): Promise<{ folder: string; hash: string }> {
  const folder = join(root, 'alone');
  if (!existsSync(folder)) mkdirSync(folder);
  const hash = alone.get(root) ?? (await train(folder, 0, random));
  alone.set(root, hash);
  return { folder, hash };
}

/** `root` outlives the rounds. */
export async function resumeTrial(root: string, folder: string, random: RandomSource): Promise<Trial> {
  const { hash } = await runAlone(root, random);
  const kills = 1 + random.integer(KILLS_AT_MOST);
  return { kills, isSame: (await train(folder, kills, random)) === hash };
}

/** After main itself was killed, or the power was cut, while the run of `folder` trained: what it comes to. */
export async function goOn(root: string, folder: string, random: RandomSource): Promise<Trial> {
  const { hash } = await runAlone(root, random);
  const { facet } = await openWorkbench(folder);
  try {
    const [stored] = facet.services.runs.list();
    const run = await finishRun(facet, stored ?? (await startRun(facet)));
    return { kills: 1, isSame: weightsHash(folder, run.id) === hash };
  } finally {
    await facet.dispose();
  }
}
