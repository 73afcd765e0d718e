/** A Ray cluster of two nodes on this machine, reached on its loopback address alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Started, start, until } from './python.ts';

export interface RayCluster {
  readonly nodes: readonly Started[];
  /** Of its dashboard, which answers for jobs. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Of the loopback device; Ray takes 127.0.0.1 for the machine's address in the network. */
const HOST = '127.0.0.2';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Starts a head with a dashboard and a second node; resolves when both are there. */
export async function startRay(work: string): Promise<RayCluster> {
  const [port, dashboard] = [await freePort(), await freePort()];
  const common = ['start', '--block', '--node-ip-address', HOST, '--num-cpus', '2', '--disable-usage-stats'];
  // Ray puts sockets in it, whose paths have to be short.
  const folder = await mkdtemp(join(tmpdir(), 'ray-'));
  const dashboardAt = ['--dashboard-host', HOST, '--dashboard-port', String(dashboard)];
  const head = start(
    'ray',
    [...common, '--head', '--port', String(port), '--temp-dir', folder, ...dashboardAt],
    work,
  );
  const address = `http://${HOST}:${dashboard}`;
  await until(head, () => answers(`${address}/api/version`));
  const second = start('ray', [...common, '--address', `${HOST}:${port}`], work);
  await until(second, () => (second.said().includes('Ray runtime started') ? true : null));
  const nodes = [head, second];
  return {
    nodes,
    address,
    stop: async () => {
      for (const node of [second, head]) {
        node.process.kill('SIGTERM');
        await node.ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answers = async (url: string): Promise<true | null> =>
  (await fetch(url).then(
    ({ ok }) => ok,
    () => false,
  ))
    ? true
    : null;
