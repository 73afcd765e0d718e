/** p(z|x) of prompts: of a whole file, and of one prompt that a person types. */
import type { CodesJob, CodesResult, ProbeJob, ProbeResult } from '#core/jobs.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { type EncodedPair, encodedLength, encodePromptOnly } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape } from '../packing/shape.ts';
import { writeFileAtomic } from '../train/atomicFolder.ts';
import { type PromptRow, readPrompts } from '../train/dataset.ts';
import { eachWithProgress } from '../train/phases.ts';
import { encodeLimits } from '../train/prepare.ts';
import type { Policy } from './policy.ts';
import { stopped } from './stopped.ts';
import { leasePolicy } from './warm.ts';

/** A prompt as training would see it, numbered by its place: ids in a file may repeat. */
function encode(policy: Policy, prompt: PromptRow, place: number): EncodedPair {
  const limits = encodeLimits(policy.config, policy.model);
  return { ...encodePromptOnly(policy.tokenizer, prompt, limits), pairId: String(place) };
}

/** Rows × K weights in the order of `encoded`. */
async function* priorWeights(
  policy: Policy,
  encoded: readonly EncodedPair[],
  stop: AbortSignal,
): AsyncGenerator<RunFrame, Float32Array<ArrayBuffer>> {
  const codes = policy.config.latent?.codes ?? 0;
  const weights = new Float32Array(encoded.length * codes);
  if (encoded.length === 0) return weights;
  const shape = chooseShape(encoded, policy.config.tokenBudget);
  const program = await policy.priorFor(shape);
  const rows = packRows(encoded, shape);
  const { complete } = yield* eachWithProgress(
    'codes',
    rows,
    async (row) => {
      const prior = (await program.run(row.inputs)).prior as Float32Array;
      for (const [slot, { pairId }] of row.pairs.entries()) {
        weights.set(prior.subarray(slot * codes, (slot + 1) * codes), Number(pairId) * codes);
      }
    },
    stop,
  );
  if (!complete) throw stopped();
  return weights;
}

export async function* codesJob(job: CodesJob, stop: AbortSignal): AsyncGenerator<RunFrame, CodesResult> {
  const prompts = await readPrompts(job.promptsPath);
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    yield policy.engineFrame;
    const encoded: EncodedPair[] = [];
    yield* eachWithProgress('tokenise', prompts, (prompt, place) => {
      encoded.push(encode(policy, prompt, place));
    });
    const weights = yield* priorWeights(policy, encoded, stop);
    await writeFileAtomic(job.outputPath, [new Uint8Array(weights.buffer)]);
    const codes = policy.config.latent?.codes ?? 0;
    return { prompts: prompts.length, codes, outputPath: job.outputPath };
  } finally {
    await release();
  }
}

export async function* probeJob(job: ProbeJob, stop: AbortSignal): AsyncGenerator<RunFrame, ProbeResult> {
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    const encoded = encode(policy, { id: 'typed', messages: job.messages }, 0);
    const weights = yield* priorWeights(policy, [encoded], stop);
    return { weights: [...weights], tokens: encodedLength(encoded) };
  } finally {
    await release();
  }
}
