/** Gives damaged and hostile inputs to everything that reads from outside, in processes that can be ended, and counts what became of them. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { lastFailure } from '#shared/workerProtocol.ts';
import { type Fault, type Fuzzed, type Said, SHARES, type TargetName } from './types.ts';

/** One input; the template's own limit is shorter. */
const LIMIT_MS = 30_000;
/** A process that others leave no processor is waited for so many times as long. */
const MOST_WAITS = 10;
const HEAP_MB = 1024;
const MOST_BYTES = 1.5 * 1024 ** 3;
/** Faults are described up to here and counted beyond. */
const LISTED = 100;

interface FuzzFailure {
  readonly target: TargetName;
  readonly index: number;
  readonly kind: Fault;
  readonly message: string;
  /** Does it again. */
  readonly again: string;
}

export interface FuzzReport extends Fuzzed {
  seed: number;
  codes: Record<string, number>;
  targets: Partial<Record<TargetName, Fuzzed>>;
  failures: FuzzFailure[];
}

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
  readonly targets: readonly TargetName[];
  /** Only this input of each target. */
  readonly only?: number | undefined;
}

const none = (): Fuzzed => ({ inputs: 0, read: 0, refused: 0, crashed: 0, overTime: 0, overMemory: 0 });

interface Ended {
  /** The input that was under way when the process ended before its time; null where it did all. */
  readonly at: number | null;
  readonly fault: Fault | null;
  readonly stderr: string;
}

/** What a process has computed so far, in milliseconds; null where the system doesn't tell. */
function computedMs(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return 10 * (Number(user) + Number(system));
  } catch {
    return null;
  }
}

/** One process, up to its end; it is ended where an input takes too long or too much. */
async function feed(args: readonly string[], take: (said: Said) => void): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${HEAP_MB}`,
      join(import.meta.dirname, 'feeder.ts'),
      ...args,
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let [stderr, at] = ['', null as number | null];
  let fault: Fault | null = null;
  let timer: NodeJS.Timeout | undefined;
  const end = (reason: Fault): void => {
    fault = reason;
    child.kill('SIGKILL');
  };
  /** Over time: it has computed for that long, or waits for something that never comes. */
  const watch = (computed: number | null, waits: number): void => {
    timer = setTimeout(() => {
      const now = computedMs(child.pid);
      const isStarved = now !== null && computed !== null && now - computed < LIMIT_MS / 2;
      if (isStarved && waits < MOST_WAITS) watch(computed, waits + 1);
      else end('overTime');
    }, LIMIT_MS);
  };
  child.stderr?.on('data', (chunk) => {
    stderr = `${stderr}${chunk}`.slice(-20_000);
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const said = JSON.parse(line) as Said;
    clearTimeout(timer);
    if (said.type === 'begin') {
      at = said.index;
      watch(computedMs(child.pid), 1);
      continue;
    }
    if (said.type === 'end' && said.peakBytes > MOST_BYTES) {
      end('overMemory');
      break;
    }
    take(said);
    at = null;
  }
  clearTimeout(timer);
  await ended;
  if (at === null && child.exitCode !== 0) throw new Error(`a process could not begin: ${stderr}`);
  if (/heap out of memory|Array buffer allocation failed/.test(stderr)) fault = 'overMemory';
  return { at, fault, stderr };
}

/** Counts of the report and of one target, kept in step. */
class Count {
  readonly #report: FuzzReport;
  readonly #target: TargetName;
  readonly own: Fuzzed;

  constructor(report: FuzzReport, target: TargetName) {
    this.#report = report;
    this.#target = target;
    this.own = none();
    report.targets[target] = this.own;
  }

  #add(field: keyof Fuzzed): void {
    for (const counts of [this.own, this.#report]) {
      counts.inputs += 1;
      counts[field] += 1;
    }
  }

  read(code: string | null): void {
    this.#add(code === null ? 'read' : 'refused');
    if (code === null) return;
    this.#report.codes[code] = (this.#report.codes[code] ?? 0) + 1;
  }

  fault(index: number, kind: Fault, message: string): void {
    this.#add(kind);
    if (this.#report.failures.length >= LISTED) return;
    const { seed } = this.#report;
    const again = `npm run fuzz -- --targets ${this.#target} --seed ${seed} --only ${index}`;
    this.#report.failures.push({ target: this.#target, index, kind, message, again });
  }
}

async function fuzzTarget(
  name: TargetName,
  report: FuzzReport,
  [first, last]: readonly [number, number],
  root: string,
  say: (line: string) => void,
): Promise<void> {
  const count = new Count(report, name);
  for (let from = first, round = 0; from < last; round += 1) {
    const folder = join(root, `${name}-${round}`);
    mkdirSync(folder);
    const { at, fault, stderr } = await feed(
      [name, String(report.seed), String(from), String(last), folder],
      (said) => {
        if (said.type === 'threw') count.fault(said.index, 'crashed', said.message);
        else if (said.type === 'end') count.read(said.code);
        if (count.own.inputs % 5000 === 0) say(`${name}: ${JSON.stringify(count.own)}`);
      },
    );
    rmSync(folder, { recursive: true, force: true });
    if (at === null) break;
    // The watchdog of the compute process says why it ended it: that is a refusal, and what comes next is read by a new one.
    const said = lastFailure(stderr);
    if (said !== null && fault === null) count.read(said.code);
    else count.fault(at, fault ?? 'crashed', stderr.trim().slice(-2000));
    from = at + 1;
  }
  say(`${name}: ${JSON.stringify(count.own)}`);
}

/** The same inputs for the same seed and number. */
export async function fuzz(
  { seed, inputs, targets, only }: FuzzOptions,
  say: (line: string) => void = () => undefined,
): Promise<FuzzReport> {
  const report: FuzzReport = { seed, ...none(), codes: {}, targets: {}, failures: [] };
  const root = mkdtempSync(join(tmpdir(), 'facet-fuzz-'));
  const whole = targets.reduce((sum, name) => sum + SHARES[name], 0);
  try {
    for (const name of targets) {
      const count = Math.max(1, Math.round((inputs * SHARES[name]) / whole));
      await fuzzTarget(name, report, only === undefined ? [0, count] : [only, only + 1], root, say);
    }
    return report;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
