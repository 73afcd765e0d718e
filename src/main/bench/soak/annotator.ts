/** Somebody who labels by a personal link, at a pace, and remembers what was acknowledged. */
import { randomUUID } from 'node:crypto';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { type RandomSource, randomSource } from '#core/random.ts';
import type { Contract } from '#shared/contract.ts';

export type Client = ContractRouterClient<Contract>;
const SCOPE = { filter: null, includeSkipped: false } as const;
const VERDICTS = ['a', 'b', 'a', 'b', 'a', 'b', 'tie', 'both_bad', 'skip'] as const;
/** Decisions between two loadings of the page. */
const RELOADED_AFTER = 120;

export function connect(port: number, token: string): Promise<{ client: Client; close: () => void }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc?token=${token}`, {
    headers: { origin: `http://127.0.0.1:${port}` },
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () =>
      resolve({
        client: createORPCClient<Client>(
          new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
        ),
        close: () => socket.terminate(),
      }),
    );
  });
}

export interface Labelled {
  readonly name: string;
  /** What stands of each pair, as it was last acknowledged. */
  readonly standing: ReadonlyMap<number, string | null>;
  /** From a decision sent to the answer, which carries the next pairs. */
  readonly saveMs: readonly number[];
  readonly undone: number;
}

/** A think time around `meanMs`: most are shorter, some much longer. */
const thinkMs = (random: RandomSource, meanMs: number): number => -Math.log(random.uniform()) * meanMs;

export interface Labelling {
  readonly port: number;
  readonly name: string;
  readonly token: string;
  readonly seed: number;
  /** From one decision to the next, on average. */
  readonly meanMs: number;
  readonly isOver: () => boolean;
}

export async function labelAtPace({ port, name, token, seed, meanMs, isOver }: Labelling): Promise<Labelled> {
  const random = randomSource({ seed, stream: name, counter: 0 });
  const standing = new Map<number, string | null>();
  const saveMs: number[] = [];
  let [undone, nextAt] = [0, performance.now()];
  while (!isOver()) {
    const { client, close } = await connect(port, token);
    let queue = await client.annotate.queue({ ...SCOPE, pairId: null });
    for (let count = 0; count < RELOADED_AFTER && !isOver(); count += 1) {
      // A pace, not a pause: what a save takes is not added to what a person takes.
      nextAt = Math.max(nextAt + thinkMs(random, meanMs), performance.now() - 10 * meanMs);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextAt - performance.now())));
      const [item] = queue.items;
      const { annotatorId } = queue;
      if (item === undefined || annotatorId === null) break;
      const step = queue.undo;
      if (step !== null && random.integer(25) === 0) {
        queue = await client.annotate.undo({ ...SCOPE, annotatorId, step: step.id });
        standing.set(step.pairId, null);
        undone += 1;
        continue;
      }
      const verdict = random.pick(VERDICTS);
      const from = performance.now();
      queue = await client.annotate.decide({
        ...{ ...SCOPE, annotatorId, pairId: item.pairId, verdict, leftKey: item.left.key },
        ...{ requestId: randomUUID(), durationMs: Math.round(meanMs) },
      });
      saveMs.push(performance.now() - from);
      standing.set(item.pairId, verdict);
    }
    close();
  }
  return { name, standing, saveMs, undone };
}
