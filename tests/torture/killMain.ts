/** Main killed while a run trains, alone or with its compute process as by a power cut: what the file says is there, and the run goes on to the same bits. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { RandomSource } from '#core/random.ts';
import { verifyFolder } from '#disk/folder.ts';
import { isProcessAlive } from '#disk/partials.ts';
import { findDamage } from '#main/data/check.ts';
import { connectReader } from '#main/data/database.ts';
import { cutFiles, removeKept } from './cutFiles.ts';
import { goOn, type Trial } from './resume.ts';
import type { TrainSpoken } from './trainVictim.ts';
import { CONFIG, filesOf } from './workbench.ts';

/** From a step to the kill; what follows the last step takes longer. */
const LATER_MS = 400;
/** The watchdog of a compute process looks every half second. Looks are counted, since a machine may stand still. */
const LOOKS_AT_ORPHANS = 300;

export interface MainTrial extends Trial {
  readonly damaged: number;
  readonly missingFiles: number;
}

/** Starts a run in a process of its own and kills that; gives the compute processes that it had. */
async function killAtStep(
  folder: string,
  journal: string | null,
  random: RandomSource,
): Promise<readonly number[]> {
  const layer = pathToFileURL(join(import.meta.dirname, 'fileLayer.ts')).href;
  const args = ['--disable-warning=ExperimentalWarning', ...(journal === null ? [] : ['--import', layer])];
  const child = spawn(process.execPath, [...args, join(import.meta.dirname, 'trainVictim.ts'), folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that all of it can go in one moment.
    detached: journal !== null,
    env: { ...process.env, ...(journal !== null && { FACET_FILE_JOURNAL: journal }) },
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const at = 1 + random.integer(CONFIG.steps);
  let pids: readonly number[] = [];
  let isTimed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const spoken = JSON.parse(line) as TrainSpoken;
    pids = spoken.pids;
    if (isTimed || spoken.step < at) continue;
    isTimed = true;
    void pause(random.integer(LATER_MS)).then(() =>
      journal === null ? child.kill('SIGKILL') : process.kill(-(child.pid as number), 'SIGKILL'),
    );
  }
  await ended;
  if (child.signalCode !== 'SIGKILL') throw new Error(`the victim ended by itself: ${errors}`);
  return pids;
}

async function areGone(pids: readonly number[]): Promise<boolean> {
  for (let look = 0; look < LOOKS_AT_ORPHANS; look += 1) {
    if (!pids.some(isProcessAlive)) return true;
    await pause(50);
  }
  return false;
}

/** Rows of checkpoints against what lies there, each file by its hash. */
async function checkpointsOf(folder: string): Promise<{ damaged: number; missingFiles: number }> {
  const database = connectReader(join(folder, 'user', 'sample.facet'));
  try {
    const rows = database
      .prepare<[], { run_id: number; path: string }>('SELECT run_id, path FROM checkpoints')
      .all();
    const places = rows.map(({ run_id, path }) => join(filesOf(folder), 'runs', String(run_id), path));
    const there = places.filter((place) => existsSync(place));
    const checks = await Promise.all(
      there.map((place) =>
        verifyFolder(place).then(
          () => 0,
          () => 1,
        ),
      ),
    );
    const damage = findDamage(database, true).length > 0 ? 1 : 0;
    return {
      damaged: damage + checks.reduce<number>((sum, one) => sum + one, 0),
      missingFiles: places.length - there.length,
    };
  } finally {
    database.close();
  }
}

/** `isPowerCut`: all processes at once, and of their files only what was synced is sure to be there. */
export async function mainTrial(
  root: string,
  folder: string,
  isPowerCut: boolean,
  random: RandomSource,
): Promise<MainTrial> {
  const journal = isPowerCut ? join(folder, 'journal') : null;
  const pids = await killAtStep(folder, journal, random);
  const isQuiet = await areGone(pids);
  if (journal !== null) {
    const journals = [journal, `${journal}-compute`];
    cutFiles(journals, random);
    removeKept(journals);
  }
  const { damaged, missingFiles } = await checkpointsOf(folder);
  const trial = await goOn(root, folder, random);
  return { ...trial, damaged: damaged + (isQuiet ? 0 : 1), missingFiles };
}
