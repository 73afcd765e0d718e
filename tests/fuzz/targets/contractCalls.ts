/** Calls of every procedure of the contract, as they come over the network: from an owner, an annotator and a stranger's page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { type RandomSource, randomSource } from '#core/random.ts';
import { findDamage } from '#main/data/check.ts';
import { connectReader } from '#main/data/database.ts';
import { Connection } from '#main/services/Connection.ts';
import { facetOver, importAll } from '#main/testFacet.ts';
import type { OpenTarget } from '../types.ts';
import { inputFor, type Known, PROCEDURES } from './calls.ts';

const PAIRS = 12;
/** Frames that are taken of a stream before it is left. */
const MOST_FRAMES = 3;
const LONGEST_STREAM_MS = 300;
/** Calls between two looks at the file. */
const CHECK_EVERY = 1000;
/** Nothing listens there. */
const NO_HUB = 'http://127.0.0.1:9';

type Call = (input: unknown, options: { readonly signal: AbortSignal }) => Promise<unknown>;
type Rooms = Readonly<Record<string, Readonly<Record<string, Call>>>>;

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** Refusals have a code: the contract's failure, or that the input does not fit it. */
function codeOf(error: unknown, unexpected: readonly string[]): string {
  if (!(error instanceof ORPCError)) {
    // A call that was ended from this side.
    if (error instanceof Error && error.name === 'AbortError') return 'fuzz.left';
    throw error;
  }
  const code = (error.data as { code?: unknown } | undefined)?.code ?? error.code;
  if (code === 'internal.unexpected' || code === 'INTERNAL_SERVER_ERROR')
    throw new Error(`${error.message}\n${unexpected.join('\n')}\n${String((error as Error).cause ?? '')}`);
  return String(code);
}

async function take(answer: unknown, leave: AbortController): Promise<void> {
  if (!isStream(answer)) return void JSON.stringify(answer);
  const timer = setTimeout(() => leave.abort(), LONGEST_STREAM_MS);
  try {
    let frames = 0;
    for await (const frame of answer) {
      JSON.stringify(frame);
      frames += 1;
      if (frames >= MOST_FRAMES) break;
    }
  } finally {
    clearTimeout(timer);
  }
}

export const contractCalls: OpenTarget = async (folder, seed) => {
  process.env.HF_ENDPOINT = NO_HUB;
  delete process.env.HF_TOKEN;
  const unexpected: string[] = [];
  const facet = facetOver(folder, { log: (text) => void unexpected.push(text) });
  const path = join(folder, 'user', 'projects', 'p.facet');
  mkdirSync(join(path, '..'), { recursive: true });
  const { project, people, annotate } = facet.services;
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: PAIRS }, (_, index) => ({
    prompt: `Question ${index}`,
    chosen: `yes ${index}`,
    rejected: `no ${index}`,
  }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await project.create({ path, name: 'P' });
  await importAll(facet, file);
  const { token } = await people.add({ name: 'Ada', role: 'annotator' });
  const known: Known = {
    paths: [path, file, folder, join(folder, 'user', 'uploads', 'x'), 'pairs.jsonl'],
    texts: ['Ada', 'P', 'Question 1', 'yes', 'jsonl', 'facet', 'none', 'hard'],
  };
  let owner = new Connection({ isRemote: true });
  let annotator: Connection | null = null;
  const connect = async (): Promise<void> => {
    if (project.current()?.path !== path) {
      await project.open(path);
      annotator = null;
      owner = new Connection({ isRemote: true });
      await annotate.identify(owner, { name: 'Grace' });
    }
    const pass = annotator === null ? people.admit(token) : null;
    if (pass !== null) annotator = new Connection({ isRemote: true, pass });
  };
  const pick = (random: RandomSource): Connection => (random.integer(4) === 0 ? (annotator ?? owner) : owner);
  return {
    read: async (index) => {
      const random = randomSource({ seed, stream: 'call', counter: index * 4096 });
      await connect();
      if (index % CHECK_EVERY === CHECK_EVERY - 1) {
        const database = connectReader(path);
        const damage = findDamage(database, true);
        database.close();
        if (damage.length > 0) throw new Error(`the project is damaged: ${damage.join('; ')}`);
      }
      const procedure = random.pick(PROCEDURES);
      const input = inputFor(random, procedure, known);
      const [room, name] = procedure.path;
      const client = createRouterClient(facet.router, {
        context: { connection: pick(random) },
      }) as unknown as Rooms;
      const leave = new AbortController();
      unexpected.length = 0;
      try {
        const call = client[room]?.[name];
        if (call === undefined) throw new Error('no such procedure');
        await take(await call(input, { signal: leave.signal }), leave);
        return null;
      } catch (error) {
        try {
          return codeOf(error, unexpected);
        } catch (fault) {
          const text = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
          throw new Error(`${room}.${name}(${JSON.stringify(input)?.slice(0, 600)}): ${text}`);
        }
      }
    },
    close: () => facet.dispose(),
  };
};
