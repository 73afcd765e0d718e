/** Programs of the virtual environment that `npm run test:cluster` has made, and processes that they start. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ENVIRONMENT = {
  ...process.env,
  // Two processes of PyTorch share the cores of one machine.
  OMP_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  RAY_USAGE_STATS_ENABLED: '0',
  // Ray puts its workers behind everything else on the machine, where they would starve beside other tests.
  RAY_worker_niceness: '0',
  // On a busy machine a process starts late, which is no failure.
  RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S: '600',
  RAY_gcs_rpc_server_connect_timeout_s: '300',
  RAY_gcs_rpc_server_reconnect_timeout_s: '300',
  RAY_gcs_server_request_timeout_seconds: '300',
  RAY_raylet_start_wait_time_s: '300',
  RAY_agent_register_timeout_ms: '600000',
  RAY_worker_register_timeout_seconds: '600',
  RAY_health_check_timeout_ms: '120000',
  RAY_grpc_keepalive_timeout_ms: '120000',
  RAY_grpc_client_keepalive_timeout_ms: '120000',
};

/** Where the environment's programs are. */
export function programs(): string {
  const folder = process.env.FACET_CLUSTER_PYTHON;
  if (folder) return folder;
  throw new Error('These tests need PyTorch and Ray: start them by `npm run test:cluster`.');
}

export interface Started {
  readonly process: ChildProcess;
  /** What it has written so far, standard output and error together. */
  readonly said: () => string;
  /** Its exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** `program` is one of the environment's own, python, torchrun or ray, or a path. */
export function start(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Started {
  const child = spawn(resolve(programs(), program), args, {
    cwd,
    env: { ...ENVIRONMENT, PATH: `${programs()}:${process.env.PATH ?? ''}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { process: child, said: () => output, ended };
}

/** Runs to the end; throws with what it said where that is not well. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const started = start(program, args, cwd, env);
  const status = await started.ended;
  if (status === 0) return started.said();
  throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${started.said().slice(-4000)}`);
}

interface Known {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Processes below one that was started here, at any depth. */
function below(root: number): Known[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = lines.flatMap((line): Known[] => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found ? [{ pid: Number(found[1]), parent: Number(found[2]), command: found[3] as string }] : [];
  });
  const found: Known[] = [];
  const add = (parent: number): void => {
    for (const one of all.filter((each) => each.parent === parent)) {
      found.push(one);
      add(one.pid);
    }
  };
  add(root);
  return found;
}

/** Ends one worker below `roots` as a machine that loses its power does; throws where there is none. */
export function killWorker(roots: readonly Started[], name: RegExp): void {
  const workers = roots.flatMap(({ process: { pid } }) => below(pid as number));
  const victim = workers.filter(({ command }) => name.test(command)).at(-1);
  if (victim === undefined)
    throw new Error(`no process is called ${name}: ${workers.map(({ command }) => command).join('; ')}`);
  process.kill(victim.pid, 'SIGKILL');
}

const LOOK_EVERY_MS = 50;

/** Waits until `look` finds something; throws where `started` ends before. */
export async function until<T>(started: Started, look: () => Promise<T | null> | T | null): Promise<T> {
  let hasEnded = false;
  void started.ended.finally(() => {
    hasEnded = true;
  });
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (hasEnded) throw new Error(`it ended too soon:\n${started.said().slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
