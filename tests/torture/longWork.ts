/** Scoring and exporting whose compute process is killed: done again they give what they give undisturbed, and nothing half-made is left. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RandomSource } from '#core/random.ts';
import type { Run } from '#shared/entities.ts';
import { runAlone, type Trial } from './resume.ts';
import { folderHash, openWorkbench, type Workbench } from './workbench.ts';

const PAIRS = 160;
// A run that leaves the backbone as it was has no adapter and no merged folder.
const FORMATS = ['onnx', 'codebook'] as const;

interface Work {
  /** Does it, whole, below a new folder. */
  readonly once: (folder: string) => Promise<unknown>;
  readonly hash: (folder: string) => string;
  /** Names that stand for something whole. */
  readonly results: (folder: string) => string[];
}

const whole = (folder: string): string[] => readdirSync(folder).filter((name) => !name.endsWith('.partial'));

function scoring({ facet }: Workbench, { id, modelId }: Run, file: string): Work {
  const { runs } = facet.services;
  const place = (folder: string): string => join(folder, 'scores.jsonl');
  return {
    once: (folder) => runs.score({ file, runId: id, modelId, outputPath: place(folder) }),
    hash: (folder) => readFileSync(place(folder), 'utf8'),
    results: (folder) => whole(folder).filter((name) => name === 'scores.jsonl'),
  };
}

function exporting({ facet }: Workbench, runId: number, format: (typeof FORMATS)[number]): Work {
  return {
    once: (parent) => facet.services.runs.export({ runId, format, parent }),
    hash: (parent) => folderHash(join(parent, whole(parent).sort().at(-1) ?? '')),
    results: whole,
  };
}

/** How long it takes undisturbed, and what it gives. */
const undisturbed = new Map<string, { ms: number; hash: string }>();

async function trial(
  bench: Workbench,
  key: string,
  work: Work,
  root: string,
  random: RandomSource,
): Promise<Trial & { damaged: number }> {
  const fresh = (name: string): string => {
    const folder = join(root, name);
    mkdirSync(folder);
    return folder;
  };
  const known = undisturbed.get(key);
  const alone = known ?? (await measure(work, fresh(`undisturbed-${key.replaceAll(/\W/g, '-')}`)));
  undisturbed.set(key, alone);
  const folder = fresh(`${random.integer(2 ** 31)}`);
  const ended = work.once(folder).catch(() => undefined);
  await pause(random.integer(Math.ceil(alone.ms)));
  const killed = bench.compute.pids();
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  await ended;
  // One that was idle by then is found to be gone a moment later.
  while (bench.compute.pids().some((pid) => killed.includes(pid))) await pause(10);
  // Whole or absent: what stands there under its own name is what undisturbed work gives.
  const isThere = work.results(folder).length > 0;
  const isHalf = isThere && work.hash(folder) !== alone.hash;
  if (!isThere) await work.once(folder);
  return { kills: 1, isSame: work.hash(folder) === alone.hash, damaged: isHalf ? 1 : 0 };
}

async function measure(work: Work, folder: string): Promise<{ ms: number; hash: string }> {
  const from = performance.now();
  await work.once(folder);
  return { ms: performance.now() - from, hash: work.hash(folder) };
}

/** `root` outlives the rounds; the run that is scored and exported is the one that was left alone. */
export async function longWorkTrial(
  root: string,
  scene: 'score' | 'policy',
  random: RandomSource,
): Promise<Trial & { damaged: number }> {
  const { folder } = await runAlone(root, random);
  const bench = await openWorkbench(folder);
  try {
    const [run] = bench.facet.services.runs.list();
    if (run === undefined) throw new Error('there is no run');
    const file = join(root, 'to-score.jsonl');
    const rows = Array.from({ length: PAIRS }, (_, index) =>
      JSON.stringify({ prompt: `Question ${index}`, chosen: `Yes, ${index}.`, rejected: `No, ${index}.` }),
    );
    writeFileSync(file, rows.join('\n'));
    const format = random.pick(FORMATS);
    const work = scene === 'score' ? scoring(bench, run, file) : exporting(bench, run.id, format);
    return await trial(bench, `${root} ${scene} ${scene === 'score' ? '' : format}`, work, root, random);
  } finally {
    await bench.facet.dispose();
  }
}
