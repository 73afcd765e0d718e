/** Four people who each give a verdict a second over `facet serve`, and what became of each verdict. */
import { randomUUID } from 'node:crypto';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { quantile } from '../../src/core/statistics.ts';
import { createHeadlessFacet } from '../../src/main/cli/session.ts';
import type { Contract } from '../../src/shared/contract.ts';
import { serveFacet } from '../../tests/helpers/servedFacet.ts';

const NAMES = ['Ada', 'Bo', 'Cy', 'Di'];
const PACE_MS = 1000;
const SCOPE = { filter: null, includeSkipped: false };

interface Given {
  readonly pairId: number;
  readonly verdict: 'a' | 'b' | 'tie';
}
interface Labelled {
  readonly name: string;
  readonly given: readonly Given[];
  /** From asking to the next pair, milliseconds. */
  readonly times: readonly number[];
}

export interface PeopleFigures {
  readonly people: number;
  readonly minutes: number;
  readonly verdicts: number;
  readonly serveSaveNextP95Ms: number;
  /** Verdicts that were answered and do not stand. */
  readonly lostVerdicts: number;
  /** Verdicts that are stored more often than they were given. */
  readonly doubledVerdicts: number;
}

async function openClient(port: number, token: string) {
  const websocket = new WebSocket(`ws://127.0.0.1:${port}/rpc?token=${token}`, {
    headers: { origin: `http://127.0.0.1:${port}` },
  });
  await new Promise((resolve, reject) => websocket.once('open', resolve).once('error', reject));
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket });
  const client: ContractRouterClient<Contract> = createORPCClient(link);
  return { client, close: () => websocket.close() };
}

/** At the pace of one verdict a second, each as soon as its second comes and the one before is answered. */
async function labelling(name: string, port: number, token: string, until: number): Promise<Labelled> {
  const { client, close } = await openClient(port, token);
  const given: Given[] = [];
  const times: number[] = [];
  try {
    const first = await client.annotate.queue({ ...SCOPE, pairId: null });
    const { annotatorId } = first;
    let [item] = first.items;
    for (let due = performance.now(); item && performance.now() < until; due += PACE_MS) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const verdict = (['a', 'b', 'tie'] as const)[given.length % 3] as Given['verdict'];
      const { pairId, left } = item;
      const start = performance.now();
      const queue = await client.annotate.decide({
        ...{ ...SCOPE, requestId: randomUUID(), annotatorId, pairId, verdict },
        ...{ leftKey: left.key, durationMs: PACE_MS },
      });
      times.push(performance.now() - start);
      given.push({ pairId, verdict });
      [item] = queue.items;
    }
  } finally {
    close();
  }
  return { name, given, times };
}

/** Looks at each verdict in the file, once nobody serves it any more. */
async function lookUp(folder: string, path: string, labelled: readonly Labelled[]) {
  const facet = createHeadlessFacet(folder);
  try {
    await facet.services.project.open(path);
    let lost = 0;
    let doubled = 0;
    for (const { name, given } of labelled) {
      for (const { pairId, verdict } of given) {
        const { standing, history } = facet.services.annotate.verdicts(pairId);
        if (standing.find(({ annotator }) => annotator === name)?.verdict !== verdict) lost += 1;
        doubled += Math.max(0, history.filter(({ annotator }) => annotator === name).length - 1);
      }
    }
    return { lostVerdicts: lost, doubledVerdicts: doubled };
  } finally {
    await facet.dispose();
  }
}

export async function benchPeople(folder: string, path: string, minutes: number): Promise<PeopleFigures> {
  const served = await serveFacet(`${folder}/serve`, ['--project', path, '--annotators', ...NAMES]);
  let labelled: Labelled[];
  try {
    const until = performance.now() + minutes * 60_000;
    labelled = await Promise.all(
      served.people.map(({ name, url }) =>
        labelling(name, served.port, new URL(url).hash.replace('#token=', ''), until),
      ),
    );
  } finally {
    await served.stop();
  }
  const times = labelled.flatMap((one) => one.times);
  return {
    people: NAMES.length,
    minutes,
    verdicts: times.length,
    serveSaveNextP95Ms: Number(quantile(times, 0.95).toFixed(2)),
    ...(await lookUp(`${folder}/look`, path, labelled)),
  };
}
