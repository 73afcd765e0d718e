/** Kills the workbench at random moments of its work, and counts what is lost. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import { type RandomSource, randomSource } from '#core/random.ts';
import { createHeadlessFacet } from '#main/cli/session.ts';
import { listBackups } from '#main/data/backup.ts';
import { damageIn, findDamage } from '#main/data/check.ts';
import { connectReader } from '#main/data/database.ts';
import { SCHEMA_VERSION } from '#main/data/migrations/index.ts';
import { mainTrial } from './killMain.ts';
import { longWorkTrial } from './longWork.ts';
import { cutPower } from './powerCut.ts';
import { resumeTrial, type Trial } from './resume.ts';
import type { Found, Scene, Spoken } from './types.ts';

const PAIRS = 40;
const IMPORTED = 1500;
const fixtures = resolve(import.meta.dirname, '..', 'fixtures', 'projects');

export interface Torture extends Found {
  rounds: number;
  killed: number;
  /** Decisions that were acknowledged before a kill. */
  acknowledged: number;
  /** Runs, scores and exports that were broken off and done again. */
  resumes: number;
  /** Of those, how many ended in the same bits as a run, scores or an export that were left alone. */
  resumesIdentical: number;
}

const rowsOf = (name: string, count: number): string =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      prompt: `${name} ${index}`,
      chosen: `yes ${index} `.repeat(20),
      rejected: `no ${index}`,
    }),
  ).join('\n');

interface Outcome {
  readonly acknowledged: number;
  /** Standing verdict of each pair that was decided, as it was last acknowledged. */
  readonly standing: ReadonlyMap<number, string | null>;
  /** Pair of the decision under way. */
  readonly open: number | null;
  readonly frames: number;
}

/** Runs a victim and kills it after `delayMs` from the moment that its scene is on. */
async function kill(
  scene: Scene,
  path: string,
  seed: number,
  file: string,
  delayMs: number,
): Promise<Outcome> {
  const program = join(import.meta.dirname, 'victim.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, scene, path, String(seed), file],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const standing = new Map<number, string | null>();
  let [acknowledged, frames] = [0, 0];
  let open: number | null = null;
  let isTimed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const spoken = JSON.parse(line) as Spoken;
    if (spoken.type === 'try') open = spoken.pairId;
    if (spoken.type === 'done') {
      standing.set(spoken.pairId, spoken.verdict);
      [open, frames] = [null, spoken.frames];
      acknowledged += 1;
    }
    const begins = scene === 'migrate' ? 'started' : 'done';
    if (spoken.type !== begins || isTimed) continue;
    isTimed = true;
    setTimeout(() => child.kill('SIGKILL'), delayMs);
  }
  await ended;
  if (child.signalCode !== 'SIGKILL') throw new Error(`the victim ended by itself: ${errors}`);
  return { acknowledged, standing, open, frames };
}

/** Opens the project as a person would, waits until what a crash left is in order, and closes it. */
async function openAgain(path: string): Promise<{ pairs: number; unended: number }> {
  const facet = createHeadlessFacet(join(path, '..', 'user-again'));
  try {
    const { counts } = await facet.services.project.open(path);
    const unended = facet.services.runs.list().filter(({ state }) => state === 'running').length;
    return { pairs: counts.pairs, unended };
  } finally {
    await facet.dispose();
  }
}

function look(path: string, { standing, open }: Outcome, pairs: number): Found {
  const database = connectReader(path);
  try {
    const damage = findDamage(database, true);
    const verdict = database
      .prepare<[number], string>(
        `SELECT decision FROM standing JOIN annotators ON annotators.id = annotator_id
         WHERE kind = 'person' AND pair_id = ?`,
      )
      .pluck();
    let lostVerdicts = 0;
    for (const [pairId, expected] of standing) {
      // The one under way may have come through or not.
      if (pairId !== open && (verdict.get(pairId) ?? null) !== expected) lostVerdicts += 1;
    }
    const stored = database.prepare<[], number>('SELECT count(*) FROM stored_pairs').pluck().get() as number;
    const whole = pairs === PAIRS || pairs === PAIRS + IMPORTED;
    const checkpoints = database
      .prepare<[], { run_id: number; path: string }>('SELECT run_id, path FROM checkpoints')
      .all();
    return {
      lostVerdicts,
      damaged: damage.length > 0 ? 1 : 0,
      halfImports: whole && stored === pairs ? 0 : 1,
      missingFiles: checkpoints.filter(
        (row) => !existsSync(join(`${path}.files`, 'runs', String(row.run_id), row.path)),
      ).length,
    };
  } finally {
    database.close();
  }
}

/** Exports that are there are whole. */
function brokenExports(folder: string): number {
  const files = readdirSync(folder).filter((name) => /^export-\d\.jsonl$/.test(name));
  return files.filter((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return !text.endsWith('\n') || text.trim().split('\n').length !== PAIRS;
  }).length;
}

const newProject = async (folder: string): Promise<string> => {
  const path = join(folder, 'p.facet');
  const file = join(folder, 'first.jsonl');
  writeFileSync(file, rowsOf('first', PAIRS));
  const facet = createHeadlessFacet(join(folder, 'user'));
  await facet.services.project.create({ path, name: 'Torture' });
  for await (const frame of facet.services.library.import(file)) if (frame.type === 'done') break;
  await facet.dispose();
  return path;
};

/** An older project, killed while it is upgraded: it opens, as it was or as it will be, with all that it held. */
async function migration(folder: string, random: RandomSource): Promise<Found> {
  const path = join(folder, 'old.facet');
  const version = 1 + random.integer(SCHEMA_VERSION - 1);
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, `schema-${version}.facet.gz`))));
  await kill('migrate', path, 0, '', random.integer(400));
  const { pairs } = await openAgain(path);
  const none = new Map<number, string>([
    [1, 'b'],
    [3, 'tie'],
  ]);
  const found = look(path, { acknowledged: 0, standing: none, open: null, frames: 0 }, PAIRS);
  // The kept project came without the files of its runs.
  return { ...found, halfImports: pairs === 12 ? 0 : 1, missingFiles: 0 };
}

/** A scene in which something is computed; null for the others. */
function computing(
  scene: Scene,
  root: string,
  folder: string,
  random: RandomSource,
): Promise<(Trial & Partial<Found>) | null> {
  switch (scene) {
    case 'train':
      return resumeTrial(root, folder, random);
    case 'train-main':
    case 'power-cut-train':
      return mainTrial(root, folder, scene === 'power-cut-train', random);
    case 'score':
    case 'policy':
      return longWorkTrial(root, scene, random);
    default:
      return Promise.resolve(null);
  }
}

export async function torture(
  { seed, rounds, scenes }: { seed: number; rounds: number; scenes: readonly Scene[] },
  say: (line: string) => void = () => undefined,
): Promise<Torture> {
  const random = randomSource({ seed, stream: 'torture', counter: 0 });
  const total: Torture = {
    ...{ rounds: 0, killed: 0, acknowledged: 0, lostVerdicts: 0, damaged: 0 },
    ...{ halfImports: 0, missingFiles: 0, resumes: 0, resumesIdentical: 0 },
  };
  const add = (found: Found): void => {
    total.lostVerdicts += found.lostVerdicts;
    total.damaged += found.damaged;
    total.halfImports += found.halfImports;
    total.missingFiles += found.missingFiles;
  };
  const root = mkdtempSync(join(tmpdir(), 'facet-torture-'));
  try {
    for (let round = 0; round < rounds; round += 1) {
      // Each scene in turn, so that a short run has all of them.
      const scene = scenes[round % scenes.length] as Scene;
      const folder = join(root, `${round}`);
      mkdirSync(folder);
      const computed = await computing(scene, root, folder, random);
      if (computed !== null) {
        total.killed += computed.kills;
        total.resumes += 1;
        total.resumesIdentical += computed.isSame ? 1 : 0;
        total.damaged += computed.damaged ?? 0;
        total.missingFiles += computed.missingFiles ?? 0;
      } else if (scene === 'migrate') {
        add(await migration(folder, random));
        total.killed += 1;
      } else {
        const path = await newProject(folder);
        const file = join(folder, 'second.jsonl');
        writeFileSync(file, rowsOf('second', IMPORTED));
        const outcome = await kill(scene, path, seed + round, file, random.integer(1500));
        if (scene === 'power-cut') cutPower(path, outcome.frames, random);
        const { pairs } = await openAgain(path);
        add(look(path, outcome, pairs));
        total.damaged += listBackups(path).filter((backup) => damageIn(backup.path).length > 0).length;
        total.damaged += brokenExports(folder);
        total.killed += 1;
        total.acknowledged += outcome.acknowledged;
      }
      total.rounds += 1;
      rmSync(folder, { recursive: true, force: true });
      say(`${scene}: ${JSON.stringify(total)}`);
    }
    return total;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
