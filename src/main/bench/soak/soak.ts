/** `npm run bench -- soak`: a day of four people who label over `facet serve` while a run trains, in less time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { quantile } from '#core/statistics.ts';
import { createHeadlessFacet, openProject } from '../../cli/session.ts';
import { findDamage } from '../../data/check.ts';
import { connectReader } from '../../data/database.ts';
import { rootDir } from '../../environment.ts';
import { pairFile } from '../pairFile.ts';
import { connect, type Labelled, labelAtPace } from './annotator.ts';
import { fittedGrowth, type Reading, residentBytes } from './memoryTrend.ts';

const NAMES = ['Ada', 'Bo', 'Cyd', 'Dee'];
/** A careful reader's pace. */
const SECONDS_PER_VERDICT = 30;
const READ_EVERY_MS = 1000;
/** Caches fill and code is compiled in the first part, which the growth leaves out. */
const WARM_UP = 0.25;

export interface SoakOptions {
  /** Simulated. */
  readonly hours: number;
  /** That they take. */
  readonly minutes: number;
  readonly seed: number;
}

export interface SoakFigures {
  readonly simulatedHours: number;
  readonly minutes: number;
  readonly compression: number;
  readonly verdicts: number;
  readonly undone: number;
  /** Acknowledged decisions that do not stand after the server was killed. */
  readonly lostVerdicts: number;
  readonly damage: readonly string[];
  readonly saveP50Ms: number;
  readonly saveP99Ms: number;
  readonly saveMaxMs: number;
  /** Steps that were trained meanwhile. */
  readonly steps: number;
  /** What the server's own process holds after a collection of garbage: at the end, and along a line fitted from the warm-up on. */
  readonly heldMb: number | null;
  readonly heldGrowth: number | null;
  /** The same of what it has of the system, garbage included that nobody has needed to collect. */
  readonly residentMb: number | null;
  readonly residentGrowth: number | null;
  readonly met: boolean;
}

const TRAINING: RunConfig = {
  ...DEFAULT_RUN,
  latent: { ...DEFAULT_LATENT, codes: 4 },
  trainable: 'heads',
  warmupSteps: 0,
  steps: 1_000_000,
  tokenBudget: 512,
  maxPromptTokens: 128,
  maxReplyTokens: 128,
  engine: 'onnx-cpu',
};

interface Served {
  readonly child: ChildProcess;
  readonly port: number;
  readonly token: string;
  readonly people: readonly { readonly name: string; readonly url: string }[];
}

function serve(path: string, userDir: string): Promise<Served> {
  const cli = join(rootDir, 'src', 'main', 'cli', 'index.ts');
  const live = pathToFileURL(join(import.meta.dirname, 'liveMemory.ts')).href;
  const node = ['--disable-warning=ExperimentalWarning', '--expose-gc', '--import', live];
  const args = [...node, cli, 'serve', '--json', '--project', path];
  const child = spawn(process.execPath, [...args, '--annotators', ...NAMES], {
    env: { ...process.env, FACET_USER_DATA: userDir },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('close', (code) => reject(new Error(`facet serve ended with code ${code}`)));
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.includes('\n')) resolve({ child, ...(JSON.parse(output) as Omit<Served, 'child'>) });
    });
  });
}

async function makeProject(path: string, folder: string, pairs: number, userDir: string): Promise<void> {
  const facet = createHeadlessFacet(userDir);
  try {
    const file = join(folder, 'pairs.jsonl');
    await pairFile(file, pairs, 1);
    await openProject(facet, path, true);
    for await (const _ of facet.services.library.import(file));
  } finally {
    await facet.dispose();
  }
}

/** Acknowledged decisions that the file, as it was left, does not hold. */
function lostIn(path: string, people: readonly Labelled[]): { lost: number; damage: string[] } {
  const database = connectReader(path);
  try {
    const stands = database
      .prepare<[string, number], string>(
        `SELECT decision FROM standing JOIN annotators ON annotators.id = annotator_id
         WHERE kind = 'person' AND annotators.name = ? AND pair_id = ?`,
      )
      .pluck();
    const lost = people.flatMap(({ name, standing }) =>
      [...standing].filter(([pairId, verdict]) => (stands.get(name, pairId) ?? null) !== verdict),
    );
    return { lost: lost.length, damage: findDamage(database, true) };
  } finally {
    database.close();
  }
}

/** Trains until the end, from the owner's own page; gives the steps so far. */
async function train({ port, token }: Served): Promise<() => Promise<number>> {
  const { client } = await connect(port, token);
  const [model] = await client.models.list();
  if (model === undefined) throw new Error('the starter model is missing');
  const selection = { labels: 'people-then-imported' as const, sourceIds: null };
  const { id } = await client.runs.start({ modelId: model.id, config: TRAINING, selection });
  return async () => (await client.runs.get({ runId: id })).step;
}

async function label(served: Served, options: SoakOptions, endsAt: number): Promise<Labelled[]> {
  const meanMs = (SECONDS_PER_VERDICT * 1000) / ((options.hours * 60) / options.minutes);
  const isOver = (): boolean => performance.now() >= endsAt;
  return Promise.all(
    served.people.map(({ name, url }) =>
      labelAtPace({
        ...{ port: served.port, name, seed: options.seed, meanMs, isOver },
        token: new URL(url).hash.replace('#token=', ''),
      }),
    ),
  );
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Readings from the end of the warm-up on: what is held after collections, and what the system gave. */
class Memory {
  readonly held: Reading[] = [];
  readonly resident: Reading[] = [];
  readonly #from = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(child: ChildProcess, warmUpMs: number) {
    const take = (readings: Reading[], bytes: number | null): void => {
      const seconds = (performance.now() - this.#from) / 1000;
      if (bytes !== null && seconds * 1000 >= warmUpMs) readings.push({ seconds, bytes });
    };
    this.#timer = setInterval(() => take(this.resident, residentBytes(child.pid ?? 0)), READ_EVERY_MS);
    child.on('message', (bytes) => take(this.held, Number(bytes)));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const mb = (readings: readonly Reading[]): number | null => {
  const last = readings.at(-1);
  return last === undefined ? null : rounded(last.bytes / 1024 ** 2, 1);
};
const growth = (readings: readonly Reading[]): number | null => {
  const fitted = fittedGrowth(readings);
  return fitted === null ? null : rounded(fitted, 4);
};

/** The server is killed at the end, so that what was acknowledged must be on the disk. */
export async function benchSoak(options: SoakOptions, say: (line: string) => void): Promise<SoakFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-soak-'));
  const [path, userDir] = [join(folder, 'p.facet'), join(folder, 'user')];
  const pairs = Math.ceil(1.3 * ((options.hours * 3600) / SECONDS_PER_VERDICT)) + 100;
  let child: ChildProcess | null = null;
  try {
    await makeProject(path, folder, pairs, userDir);
    const served = await serve(path, userDir);
    child = served.child;
    const steps = await train(served);
    say(`${pairs} pairs; ${NAMES.length} people label ${options.hours} hours in ${options.minutes} minutes`);
    const [from, ms] = [performance.now(), options.minutes * 60_000];
    const memory = new Memory(served.child, WARM_UP * ms);
    const people = await label(served, options, from + ms).finally(() => memory.stop());
    const trained = await steps();
    const ended = new Promise((done) => served.child.once('close', done));
    served.child.kill('SIGKILL');
    await ended;
    child = null;
    const { lost, damage } = lostIn(path, people);
    const saves = people.flatMap(({ saveMs }) => saveMs);
    const heldGrowth = growth(memory.held);
    const saveP99Ms = rounded(quantile(saves, 0.99));
    return {
      simulatedHours: options.hours,
      minutes: options.minutes,
      compression: rounded((options.hours * 60) / options.minutes),
      verdicts: saves.length,
      undone: people.reduce((sum, { undone }) => sum + undone, 0),
      lostVerdicts: lost,
      damage,
      saveP50Ms: rounded(quantile(saves, 0.5)),
      saveP99Ms,
      saveMaxMs: rounded(Math.max(...saves)),
      steps: trained,
      heldMb: mb(memory.held),
      heldGrowth,
      residentMb: mb(memory.resident),
      residentGrowth: growth(memory.resident),
      met: lost === 0 && damage.length === 0 && saveP99Ms <= 100 && (heldGrowth ?? 0) <= 0.05,
    };
  } finally {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
