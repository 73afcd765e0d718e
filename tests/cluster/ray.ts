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

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const STARTED = 'Ray runtime started';

/** A node takes 30 seconds at most to start, whatever the machine is busy with (Ray 2.60): it gets five tries. */
async function startNode(args: readonly string[], work: string): Promise<Started> {
  for (let tries = 5; ; tries--) {
    const node = start('ray', args, work);
    try {
      await until(node, () => (node.said().includes(STARTED) ? true : null));
      return node;
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}

/** Starts a head with a dashboard and a second node, one processor each; resolves when both are there. */
export async function startRay(work: string): Promise<RayCluster> {
  const [port, dashboard] = [await freePort(), await freePort()];
  const common = ['start', '--block', '--node-ip-address', HOST, '--num-cpus', '1', '--disable-usage-stats'];
  // Ray puts sockets in it, whose paths have to be short.
  const folder = await mkdtemp(join(tmpdir(), 'ray-'));
  const dashboardAt = ['--dashboard-host', HOST, '--dashboard-port', String(dashboard)];
  const asHead = ['--head', '--port', String(port), '--temp-dir', folder, ...dashboardAt];
  const address = `http://${HOST}:${dashboard}`;
  const head = await startNode([...common, ...asHead], work);
  await until(head, () => answers(`${address}/api/version`));
  const second = await startNode([...common, '--address', `${HOST}:${port}`], work);
  const nodes = [head, second];
  return {
    nodes,
    address,
    stop: async () => {
      for (const node of nodes.toReversed()) {
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
