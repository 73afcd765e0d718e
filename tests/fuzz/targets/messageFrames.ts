/** Messages of any bytes on the socket of `facet serve`: none ends it, and another page is answered after each. */
import { once } from 'node:events';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { type RandomSource, randomSource } from '#core/random.ts';
import { mutated } from '#lpc/testMutations.ts';
import { startServer } from '#main/serve/server.ts';
import { facetOver } from '#main/testFacet.ts';
import type { Contract } from '#shared/contract.ts';
import { oddText, oddValue } from '../oddValues.ts';
import type { OpenTarget } from '../types.ts';
import { inputFor, PROCEDURES } from './calls.ts';

const ANSWER_MS = 20;
const KEYS = ['i', 't', 'p', 'u', 'b', 'h', 'm', 'json', 'meta', 'event', '__proto__'];

/** A message as the client of the contract sends it. */
function message(random: RandomSource): string {
  const procedure = random.pick(PROCEDURES);
  const json = inputFor(random, procedure, { paths: ['/p.facet'], texts: ['Ada', 'x'] });
  const meta = random.integer(5) === 0 ? oddValue(random, KEYS) : undefined;
  const [room, name] = procedure.path;
  return JSON.stringify({
    i: String(random.integer(4)),
    ...(random.integer(4) === 0 && { t: random.integer(6) }),
    p: { u: `/${room}/${random.integer(20) === 0 ? oddText(random) : name}`, b: { json, meta } },
  });
}

function bytesOf(random: RandomSource, seed: number, index: number): Buffer {
  const whole = Buffer.from(message(random));
  switch (random.integer(6)) {
    case 0:
      return Buffer.from(JSON.stringify(oddValue(random, KEYS)) ?? '');
    case 1:
      return Buffer.from(Array.from({ length: random.integer(200) }, () => random.integer(256)));
    case 2:
      return whole;
    default:
      return mutated(seed, 'frame', index, whole, random.integer(2) === 0);
  }
}

export const messageFrames: OpenTarget = async (folder, seed) => {
  process.env.HF_ENDPOINT = 'http://127.0.0.1:9';
  const facet = facetOver(folder);
  const server = await startServer({ facet, rendererDir: folder, port: 0, log: () => undefined });
  const address = `ws://127.0.0.1:${server.port}/rpc?token=${server.token}`;
  const headers = { origin: `http://127.0.0.1:${server.port}` };
  const other = new WebSocket(address, { headers });
  await once(other, 'open');
  const client = createORPCClient<ContractRouterClient<Contract>>(
    new RPCLink({ websocket: other as unknown as globalThis.WebSocket }),
  );
  await facet.services.project.create({ path: join(folder, 'p.facet'), name: 'P' });
  return {
    read: async (index) => {
      const random = randomSource({ seed, stream: 'frame', counter: index * 4096 });
      const socket = new WebSocket(address, { headers });
      await once(socket, 'open');
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      for (let count = 1 + random.integer(3); count > 0; count -= 1)
        if (socket.readyState === socket.OPEN)
          socket.send(bytesOf(random, seed, index * 8 + count), { binary: random.integer(2) === 0 });
      const answered = once(socket, 'message').then(() => null);
      const left = new Promise<null>((done) => setTimeout(() => done(null), ANSWER_MS));
      const code = await Promise.race([
        answered,
        left,
        closed.then(([status]) => `socket.${String(status)}`),
      ]);
      // Others are served as before.
      await client.app.info();
      socket.terminate();
      return code;
    },
    close: async () => {
      other.terminate();
      await server.close();
      await facet.dispose();
    },
  };
};
