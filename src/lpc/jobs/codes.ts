/** p(z|x) of prompts: of a whole file, and of one prompt that a person types. */

import { readFile } from 'node:fs/promises';
import type { TensorData, TensorSpec } from '#compute/program.ts';
import { strongestCodes } from '#core/codebook.ts';
import { codeEvidence, evidenceSample } from '#core/codeEvidence.ts';
import type { CodesJob, CodesResult, ProbeJob, ProbeResult } from '#core/jobs.ts';
import { nearestTo, usualDistance } from '#core/likeness.ts';
import { codesOf } from '#core/methods.ts';
import type { Message } from '#core/preference.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { readFloats } from '#disk/bytes.ts';
import { hashFile, hashText } from '#disk/hash.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { initHeads } from '../method/heads.ts';
import { type EncodedPair, encodedLength, encodePromptOnly } from '../packing/encode.ts';
import { chooseShape, type RowShape } from '../packing/shape.ts';
import { parameterGroups } from '../programs/policy.ts';
import { prefixes } from '../tokens/prefixes.ts';
import { verifyCheckpoint } from '../train/checkpoint.ts';
import { type PromptRow, readPrompts } from '../train/dataset.ts';
import { breathe, eachWithProgress, phase } from '../train/phases.ts';
import { encodeLimits } from '../train/prepare.ts';
import { PieceFile } from './PieceFile.ts';
import type { Policy } from './policy.ts';
import { type KnownPrompts, openKnownPrompts, priorRows } from './priorRows.ts';
import { stopped } from './stopped.ts';
import { leasePolicy } from './warm.ts';

/** A prompt as training would see it, numbered by its place: ids in a file may repeat. */
function encode(policy: Policy, prompt: PromptRow, place: number): EncodedPair {
  const limits = encodeLimits(policy.config, policy.model);
  return { ...encodePromptOnly(policy.tokenizer, prompt, limits), pairId: String(place) };
}

/** Prompts taken through at once: what a stop or a crash can lose. */
const PIECE_PROMPTS = 1024;

/** The heads as they were before the first step, for as long as `work` takes; what the data chose stays. */
async function untrained<T>({ engine, config, model }: Policy, work: () => Promise<T>): Promise<T> {
  const specs = parameterGroups(config, model.config).heads;
  const names = Object.keys(specs);
  const trained = await engine.getState(names);
  const kept = Object.fromEntries(
    names.map((name) => [name, { spec: specs[name] as TensorSpec, data: trained[name] as TensorData }]),
  );
  const first = config.latent ? initHeads(config.latent, model.config, config.seed) : {};
  await engine.setState(
    Object.fromEntries(names.flatMap((name) => (first[name] ? [[name, first[name]]] : []))),
  );
  try {
    return await work();
  } finally {
    await engine.setState(kept);
  }
}

/** What is measured on a part of the prompts that were trained on. Throws `job.stopped`. */
async function knownPart(
  policy: Policy,
  encoded: readonly EncodedPair[],
  { sourcesPath, knownPath }: CodesJob,
  wanted: { readonly shape: RowShape; readonly known: KnownPrompts | null },
  stop: AbortSignal,
): Promise<Pick<CodesResult, 'evidence' | 'known'>> {
  const all = JSON.parse(await readFile(sourcesPath as string, 'utf8')) as (string | null)[];
  const trainedOn = [...all.keys()].filter((place) => all[place] !== null);
  const drawn = evidenceSample(trainedOn.length).map((index) => trainedOn[index] as number);
  if (drawn.length === 0) return { evidence: null };
  const sources = drawn.map((place) => all[place] as string);
  const codes = codesOf(policy.config) ?? 0;
  const { hiddenSize } = policy.model.config;
  const sample = drawn.map((place, index) => ({ ...(encoded[place] as EncodedPair), pairId: String(index) }));
  const width = codes + hiddenSize;
  const rows = await priorRows(policy, sample, { ...wanted, stateSize: hiddenSize });
  if (stop.aborted) throw stopped();
  const severalSources = new Set(sources).size > 1;
  const before = severalSources
    ? await untrained(policy, () => priorRows(policy, sample, wanted))
    : new Float32Array(0);
  if (stop.aborted) throw stopped();
  const own = new Float32Array(sample.length * codes);
  const states = sample.map((_, row) => {
    own.set(rows.subarray(row * width, row * width + codes), row * codes);
    return rows.slice(row * width + codes, (row + 1) * width);
  });
  if (knownPath !== undefined)
    await writeFileAtomic(
      knownPath,
      states.map((row) => new Uint8Array(row.buffer)),
    );
  return {
    evidence: severalSources
      ? codeEvidence({
          trained: strongestCodes(own, codes),
          untrained: strongestCodes(before, codes),
          states,
          sources,
        })
      : null,
    known: { places: drawn, usual: usualDistance(states) },
  };
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
  let known: KnownPrompts | null = null;
  const stateSize = job.withStates ? policy.model.config.hiddenSize : 0;
  try {
    yield policy.engineFrame;
    known = await openKnownPrompts(policy, job.cacheDir);
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
      const rows = await priorRows(policy, piece, { shape, known, first, stateSize });
      await pieces.append(new Uint8Array(rows.buffer), piece.length);
      yield phase('codes', pieces.items, encoded.length);
      await breathe();
    }
    const codes = codesOf(policy.config) ?? 0;
    const part =
      job.sourcesPath && shape ? await knownPart(policy, encoded, job, { shape, known }, stop) : null;
    await known?.save();
    await pieces.finish();
    return {
      prompts: prompts.length,
      codes,
      ...(job.withStates && { stateSize }),
      ...part,
      outputPath: job.outputPath,
    };
  } finally {
    await pieces.close();
    await known?.close();
    await release();
  }
}

/** Known prompts that are shown beside a typed one. */
const NEAREST = 5;

async function knownStates(path: string, size: number): Promise<Float32Array[]> {
  const values = await readFloats(path);
  return Array.from({ length: values.length / size }, (_, row) =>
    values.subarray(row * size, (row + 1) * size),
  );
}

/** Beginnings of a typed prompt that are read. */
const MOST_BEGINNINGS = 24;

/** p(z|x) of a prompt whose last message ends earlier and earlier, each as if no more had been typed. */
async function growthOf(
  policy: Policy,
  messages: readonly Message[],
  stop: AbortSignal,
): Promise<NonNullable<ProbeResult['growth']>> {
  const last = messages.at(-1);
  if (!last) return [];
  const beginnings = prefixes(policy.tokenizer, last.content, MOST_BEGINNINGS);
  const encoded = beginnings.map(({ text }, place) => {
    const typed = [...messages.slice(0, -1), { ...last, content: text }];
    return encode(policy, { id: String(place), messages: typed }, place);
  });
  if (encoded.length === 0) return [];
  if (stop.aborted) throw stopped();
  const shape = chooseShape(encoded, policy.config.tokenBudget);
  const codes = codesOf(policy.config) ?? 0;
  const rows = await priorRows(policy, encoded, { shape, known: null });
  return beginnings.map(({ added }, row) => ({
    added,
    weights: [...rows.subarray(row * codes, (row + 1) * codes)],
  }));
}

export async function probeJob(job: ProbeJob, stop: AbortSignal): Promise<ProbeResult> {
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    const encoded = encode(policy, { id: 'typed', messages: job.messages }, 0);
    if (stop.aborted) throw stopped();
    const shape = chooseShape([encoded], policy.config.tokenBudget);
    const codes = codesOf(policy.config) ?? 0;
    const { hiddenSize } = policy.model.config;
    const row = await priorRows(policy, [encoded], { shape, known: null, stateSize: hiddenSize });
    const known = job.knownPath === undefined ? [] : await knownStates(job.knownPath, hiddenSize);
    const growth = job.growth ? await growthOf(policy, job.messages, stop) : null;
    return {
      weights: [...row.subarray(0, codes)],
      ...(growth && { growth }),
      tokens: encodedLength(encoded),
      tokensCut: encoded.cut.prompt,
      nearest: nearestTo(known, row.subarray(codes), NEAREST),
    };
  } finally {
    await release();
  }
}
