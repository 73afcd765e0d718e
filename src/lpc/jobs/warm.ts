/** The last policies asked for, kept open: a typed prompt is answered without loading or compiling again. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineChoice } from '#core/runConfig.ts';
import { ggufAt } from '#disk/modelPlace.ts';
import { type Generator, openGenerator } from '../generate/generator.ts';
import { openPolicy, type Policy } from './policy.ts';

const KEPT = 2;

interface Disposable {
  dispose(): Promise<void>;
}

interface Held<T> {
  readonly thing: Promise<T>;
  users: number;
  lastUse: number;
}

interface Lease<T> {
  readonly thing: T;
  /** The thing stays open afterwards, until others take its place. */
  release(): Promise<void>;
}

/** Things that are dear to open, by what they were opened for. */
class Shelf<T extends Disposable> {
  readonly #held = new Map<string, Held<T>>();
  #uses = 0;

  async dropIdle(kept: number): Promise<void> {
    const idle = [...this.#held]
      .filter(([, entry]) => entry.users === 0)
      .sort(([, a], [, b]) => b.lastUse - a.lastUse);
    for (const [key, entry] of idle.slice(kept)) {
      this.#held.delete(key);
      await (await entry.thing).dispose();
    }
  }

  async lease(key: string, open: () => Promise<T>): Promise<Lease<T>> {
    const entry: Held<T> = this.#held.get(key) ?? { thing: open(), users: 0, lastUse: 0 };
    this.#held.set(key, entry);
    entry.users += 1;
    entry.lastUse = ++this.#uses;
    try {
      const thing = await entry.thing;
      return {
        thing,
        release: async () => {
          entry.users -= 1;
          await this.dropIdle(KEPT);
        },
      };
    } catch (error) {
      if (this.#held.get(key) === entry) this.#held.delete(key);
      throw error;
    }
  }
}

const policies = new Shelf<Policy>();
const generators = new Shelf<Generator>();

/** A folder written anew under the same path holds another model or checkpoint. */
async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    // Opening it says what is wrong.
    return 0;
  }
}

async function keyOf(modelDir: string, checkpointDir: string | null, engine: EngineChoice): Promise<string> {
  const times = [await writtenAt((await ggufAt(modelDir)) ?? join(modelDir, 'config.json'))];
  if (checkpointDir !== null) times.push(await writtenAt(join(checkpointDir, 'manifest.json')));
  return JSON.stringify([modelDir, checkpointDir, times, engine]);
}

export interface PolicyLease {
  readonly policy: Policy;
  release(): Promise<void>;
}

/** The policy of a checkpoint, opened or still warm. To be released by the caller. */
export async function leasePolicy(
  modelDir: string,
  checkpointDir: string,
  engine: EngineChoice,
): Promise<PolicyLease> {
  const key = await keyOf(modelDir, checkpointDir, engine);
  const { thing, release } = await policies.lease(key, () => openPolicy(modelDir, checkpointDir, engine));
  return { policy: thing, release };
}

export interface GeneratorLease {
  readonly generator: Generator;
  release(): Promise<void>;
}

/** The same for writing replies; `checkpointDir` null is the base model. */
export async function leaseGenerator(
  modelDir: string,
  checkpointDir: string | null,
  engine: EngineChoice,
): Promise<GeneratorLease> {
  const key = await keyOf(modelDir, checkpointDir, engine);
  const open = () => openGenerator(modelDir, checkpointDir, engine);
  const { thing, release } = await generators.lease(key, open);
  return { generator: thing, release };
}

/** Closes every policy that is not in use: before a training run, which needs the memory. */
export async function dropWarmPolicies(): Promise<void> {
  await policies.dropIdle(0);
  await generators.dropIdle(0);
}
