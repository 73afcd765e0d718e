/** A Slurm of one node on this machine, reached on its loopback address alone. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { programs, type Started, start, until } from './python.ts';
import { freePort } from './ray.ts';

const PLACES = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'];
const placeOf = (program: string): string | null =>
  PLACES.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;

/** Null where all is there; else what a person would install. */
export const whyNoSlurm = (): string | null => {
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch'].filter((program) => placeOf(program) === null);
  if (process.getuid?.() !== 0) return 'Slurm starts jobs as root alone';
  return missing.length === 0 ? null : `${missing.join(', ')} not installed (Debian: slurm-wlm, munge)`;
};

export interface Slurm {
  /** Its clients: sbatch, squeue, scontrol. Gives what they print. */
  ask(program: string, args: readonly string[], cwd?: string): string;
  stop(): Promise<void>;
}

const settings = (host: string, folder: string, ports: readonly number[]): string => `ClusterName=facet
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.sock
CryptoType=crypto/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
JobRequeue=1
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;

/** Starts its keeper of keys, its controller and one node; resolves when the node is idle. */
export async function startSlurm(): Promise<Slurm> {
  const folder = await mkdtemp(join(tmpdir(), 'slurm-'));
  for (const part of ['state', 'spool']) await mkdir(join(folder, part));
  const host = hostname().split('.')[0] as string;
  const config = join(folder, 'slurm.conf');
  await writeFile(config, settings(host, folder, [await freePort(), await freePort()]));
  await writeFile(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
  const env = { SLURM_CONF: config, PATH: [programs(), ...PLACES, process.env.PATH].join(delimiter) };
  const begin = (program: string, ...args: string[]): Started =>
    start(placeOf(program) as string, args, folder, env);
  const munge = [
    `--key-file=${folder}/munge.key`,
    `--socket=${folder}/munge.sock`,
    `--pid-file=${folder}/munge.pid`,
    `--seed-file=${folder}/munge.seed`,
  ];
  const daemons = [
    begin('munged', '--foreground', '--force', ...munge),
    begin('slurmctld', '-D', '-f', config),
    begin('slurmd', '-D', '-f', config, '-N', host),
  ];
  const ask = (program: string, args: readonly string[], cwd = folder): string =>
    execFileSync(placeOf(program) as string, args, {
      ...{ cwd, encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    });
  const isIdle = (): true | null => {
    try {
      return /idle/.test(ask('sinfo', ['-h', '-o', '%T'])) ? true : null;
    } catch {
      // Its controller does not answer yet.
      return null;
    }
  };
  // Without keys nobody answers.
  await until(daemons[0] as Started, isIdle);
  return {
    ask,
    stop: async () => {
      for (const { process: child } of daemons.toReversed()) child.kill('SIGTERM');
      await Promise.all(daemons.map(({ ended }) => ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
