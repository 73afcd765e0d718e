/** The last policies asked for, kept open: a typed prompt is answered without loading or compiling again. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineChoice } from '#core/runConfig.ts';
import { openPolicy, type Policy } from './policy.ts';

const KEPT = 2;

interface Held {
  readonly policy: Promise<Policy>;
  users: number;
  lastUse: number;
}

const held = new Map<string, Held>();
let uses = 0;

/** A checkpoint written anew under the same path is another one. */
async function writtenAt(checkpointDir: string): Promise<number> {
  try {
    return (await stat(join(checkpointDir, 'manifest.json'))).mtimeMs;
  } catch {
    // Opening it says what is wrong.
    return 0;
  }
}

async function dropIdle(kept: number): Promise<void> {
  const idle = [...held]
    .filter(([, entry]) => entry.users === 0)
    .sort(([, a], [, b]) => b.lastUse - a.lastUse);
  for (const [key, entry] of idle.slice(kept)) {
    held.delete(key);
    await (await entry.policy).dispose();
  }
}

export interface PolicyLease {
  readonly policy: Policy;
  /** The policy stays open afterwards, until others take its place. */
  release(): Promise<void>;
}

/** The policy of a checkpoint, opened or still warm. To be released by the caller. */
export async function leasePolicy(
  modelDir: string,
  checkpointDir: string,
  engine: EngineChoice,
): Promise<PolicyLease> {
  const key = JSON.stringify([modelDir, checkpointDir, await writtenAt(checkpointDir), engine]);
  const entry = held.get(key) ?? {
    policy: openPolicy(modelDir, checkpointDir, engine),
    users: 0,
    lastUse: 0,
  };
  held.set(key, entry);
  entry.users += 1;
  entry.lastUse = ++uses;
  try {
    const policy = await entry.policy;
    return {
      policy,
      async release() {
        entry.users -= 1;
        await dropIdle(KEPT);
      },
    };
  } catch (error) {
    if (held.get(key) === entry) held.delete(key);
    throw error;
  }
}

/** Closes every policy that is not in use: before a training run, which needs the memory. */
export const dropWarmPolicies = (): Promise<void> => dropIdle(0);
