/** p(z|x) of prompts: of a whole file, and of one prompt that a person types. */

import type { CodesJob, CodesResult, ProbeJob, ProbeResult } from '#core/jobs.ts';
import { codesOf } from '#core/methods.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { hashFile, hashText } from '#disk/hash.ts';
import { type EncodedPair, encodedLength, encodePromptOnly } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape, type RowShape } from '../packing/shape.ts';
import { verifyCheckpoint } from '../train/checkpoint.ts';
import { type PromptRow, readPrompts } from '../train/dataset.ts';
import { breathe, eachWithProgress, phase } from '../train/phases.ts';
import { encodeLimits } from '../train/prepare.ts';
import { PieceFile } from './PieceFile.ts';
import type { Policy } from './policy.ts';
import { stopped } from './stopped.ts';
import { leasePolicy } from './warm.ts';

/** A prompt as training would see it, numbered by its place: ids in a file may repeat. */
function encode(policy: Policy, prompt: PromptRow, place: number): EncodedPair {
  const limits = encodeLimits(policy.config, policy.model);
  return { ...encodePromptOnly(policy.tokenizer, prompt, limits), pairId: String(place) };
}

/** Prompts taken through at once: what a stop or a crash can lose. */
const PIECE_PROMPTS = 1024;

/**
 * Rows × (K weights, then `stateSize` values of h_x) in the order of `encoded`, whose pair ids are places from `first`
 * on.
 */
async function priorRows(
  policy: Policy,
  encoded: readonly EncodedPair[],
  shape: RowShape,
  { first = 0, stateSize = 0 }: { readonly first?: number; readonly stateSize?: number } = {},
): Promise<Float32Array<ArrayBuffer>> {
  const codes = codesOf(policy.config) ?? 0;
  const width = codes + stateSize;
  const rows = new Float32Array(encoded.length * width);
  const program = await policy.priorFor(shape);
  for (const row of packRows(encoded, shape)) {
    const { prior, states } = (await program.run(row.inputs)) as Record<'prior' | 'states', Float32Array>;
    for (const [slot, { pairId }] of row.pairs.entries()) {
      const start = (Number(pairId) - first) * width;
      rows.set(prior.subarray(slot * codes, (slot + 1) * codes), start);
      rows.set(states.subarray(slot * stateSize, (slot + 1) * stateSize), start + codes);
    }
  }
  return rows;
}

/** What the weights depend on. */
async function fingerprintOf(job: CodesJob): Promise<string> {
  const { sha256 } = await verifyCheckpoint(job.checkpointDir);
  const prompts = await hashFile(job.promptsPath);
  return hashText(JSON.stringify([prompts, sha256, job.modelDir, job.engine, job.withStates === true]));
}

/** In pieces; asked again after a stop or a crash, it goes on with what is there. */
export async function* codesJob(job: CodesJob, stop: AbortSignal): AsyncGenerator<RunFrame, CodesResult> {
  const prompts = await readPrompts(job.promptsPath);
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  const pieces = await PieceFile.open(job.outputPath, await fingerprintOf(job));
  const stateSize = job.withStates ? policy.model.config.hiddenSize : 0;
  try {
    yield policy.engineFrame;
    const encoded: EncodedPair[] = [];
    yield* eachWithProgress('tokenise', prompts, (prompt, place) => {
      encoded.push(encode(policy, prompt, place));
    });
    yield phase('codes', pieces.items, encoded.length);
    const shape = encoded.length > 0 ? chooseShape(encoded, policy.config.tokenBudget) : null;
    while (shape && pieces.items < encoded.length) {
      if (stop.aborted) throw stopped();
      const first = pieces.items;
      const piece = encoded.slice(first, first + PIECE_PROMPTS);
      const rows = await priorRows(policy, piece, shape, { first, stateSize });
      await pieces.append(new Uint8Array(rows.buffer), piece.length);
      yield phase('codes', pieces.items, encoded.length);
      await breathe();
    }
    await pieces.finish();
    const codes = codesOf(policy.config) ?? 0;
    return {
      prompts: prompts.length,
      codes,
      ...(job.withStates && { stateSize }),
      outputPath: job.outputPath,
    };
  } finally {
    await pieces.close();
    await release();
  }
}

export async function probeJob(job: ProbeJob, stop: AbortSignal): Promise<ProbeResult> {
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    const encoded = encode(policy, { id: 'typed', messages: job.messages }, 0);
    if (stop.aborted) throw stopped();
    const shape = chooseShape([encoded], policy.config.tokenBudget);
    const weights = await priorRows(policy, [encoded], shape);
    return { weights: [...weights], tokens: encodedLength(encoded) };
  } finally {
    await release();
  }
}
