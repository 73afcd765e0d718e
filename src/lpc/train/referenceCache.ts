/**
 * log π_ref of pairs, computed once. A file belongs to one model; an entry to the token ids of prompt and replies,
 * which hold tokenizer, template, truncation and text.
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { toFailure } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { readJsonLines, writeJsonLines } from '#disk/lines.ts';
import type { EncodedPair } from '../packing/encode.ts';

/** Σ_t log π_ref of the chosen and of the rejected reply, nats. */
export type ReferencePair = readonly [number, number];
type Line = readonly [string, number, number];

function tokensKey(parts: readonly Int32Array[]): string {
  const hash = createHash('sha256');
  for (const ids of parts) {
    hash.update(`${ids.length};`);
    hash.update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  }
  return hash.digest('base64url');
}

export const referenceKey = ({ prompt, chosen, rejected }: EncodedPair): string =>
  tokensKey([prompt, chosen, rejected]);

/** Names what a pair's hidden states are of: a reply to another prompt too, where it has one. */
export const statesKey = ({ prompt, chosen, rejected, unrelated }: EncodedPair): string =>
  tokensKey([prompt, chosen, rejected, ...(unrelated ? [unrelated] : [])]);

/** Names a prompt by its token ids. */
export const promptKey = (prompt: Int32Array): string => tokensKey([prompt]);

export interface ReferenceCache {
  get(key: string): ReferencePair | undefined;
  add(key: string, logps: ReferencePair): void;
  save(): Promise<void>;
}

const isLine = (line: unknown): line is Line =>
  Array.isArray(line) && typeof line[0] === 'string' && Number.isFinite(line[1]) && Number.isFinite(line[2]);

async function storedEntries(path: string): Promise<Line[]> {
  const found: Line[] = [];
  try {
    for await (const line of readJsonLines(path, (value) => value)) if (isLine(line)) found.push(line);
  } catch (error) {
    // Damaged: worth no more than computing it again.
    if (toFailure(error).code === 'disk.bad-line') return [];
    if (!isMissing(error)) throw error;
  }
  return found;
}

/** `tailWeight` as in `tailWeightOf`: sums with other weights are kept apart. */
export async function openReferenceCache(
  cacheDir: string,
  modelFingerprint: string,
  tailWeight: number | null,
): Promise<ReferenceCache> {
  const weighed = tailWeight === null ? '' : `-tail-${tailWeight}`;
  const path = join(cacheDir, 'reference', `${modelFingerprint}${weighed}.jsonl`);
  const entries = new Map<string, ReferencePair>(
    (await storedEntries(path)).map(([key, chosen, rejected]) => [key, [chosen, rejected]]),
  );
  let changed = false;
  return {
    get: (key) => entries.get(key),
    add(key, logps) {
      entries.set(key, logps);
      changed = true;
    },
    async save() {
      if (!changed) return;
      // Another run may have saved since: its entries stay.
      for (const [key, chosen, rejected] of await storedEntries(path)) {
        if (!entries.has(key)) entries.set(key, [chosen, rejected]);
      }
      await writeJsonLines(
        path,
        [...entries].map(([key, logps]) => [key, ...logps]),
      );
      changed = false;
    },
  };
}
