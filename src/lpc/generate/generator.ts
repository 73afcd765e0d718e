/** A policy ready to write: engine, model, tokenizer, weights in place, programs compiled as they are first needed. */
import { totalmem } from 'node:os';
import { createEngine, type PackedCopy, packedCopy } from '#compute/index.ts';
import type { CompiledProgram, Engine, NamedData, Program } from '#compute/program.ts';
import { unwrap } from '#core/result.ts';
import type { EngineChoice, RunConfig, WeightsChoice } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { requireSameModel } from '../jobs/policy.ts';
import { inferenceLatentInputs } from '../method/latentModel.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { rowInputs } from '../packing/pack.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { type EngineState, readCheckpoint } from '../train/checkpoint.ts';
import { openModel } from '../train/prepare.ts';
import { type CacheShape, cacheSpecs, decodeProgram, latentProgram, prefillProgram } from './programs.ts';
import { replyProgram } from './replyProgram.ts';
import { stopTokens } from './stopTokens.ts';
import { adaptedApart, policyConstants } from './weights.ts';

/** Packed copies of the weights that stay, together: each decoding program has one. */
const PACKED_BYTES = 1024 ** 3;
const MOST_DECODERS = 6;
/** A model with more weights in memory than this can't be one with its program: the format ends at 2 GiB. */
const MOST_EMBEDDED_BYTES = 1.5 * 1024 ** 3;

/** Keys and values of a prompt: by layer (keyValueHeads, `stride`, size), of which the first `tokens` count. */
export interface PromptCache {
  readonly tokens: number;
  readonly stride: number;
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

export interface Generator {
  readonly model: ModelFolder;
  readonly tokenizer: Tokenizer;
  /** Settings of the run; null is the base model. */
  readonly run: RunConfig | null;
  readonly trained: EngineState;
  readonly engine: Engine;
  readonly engineFrame: RunFrame;
  /** Tokens that end a reply. */
  readonly stops: ReadonlySet<number>;
  /** `z` (d) where it enters blocks; `promptState` (d), h_x, where z is null and the run has a latent. */
  prefill(
    prompt: Int32Array,
    z: Float32Array | null,
  ): Promise<{ readonly cache: PromptCache; readonly promptState: Float32Array | null }>;
  /** z (N, d) by the prior, noise as `inferenceLatentInputs` has it; p(z|x) (K) of a codebook. */
  latents(
    promptState: Float32Array,
    rows: number,
    noise: (size: number) => Float32Array<ArrayBuffer>,
  ): Promise<{ readonly z: Float32Array; readonly prior: Float32Array | null }>;
  /** log π(y_t|x, y_<t, z) of each token of a reply that is given, nats; `z` (d), null for the plain policy. */
  replyLogps(prompt: Int32Array, reply: Int32Array, z: Float32Array | null): Promise<Float32Array>;
  /** The decoding program of a shape; its state must be there. */
  decoder(shape: CacheShape): Promise<CompiledProgram>;
  /** One batch at a time: the engine holds one set of caches a shape. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

/** 16, 32, 48, 64, 96, 128, 192, …: the first that holds `tokens`. */
function promptBucket(tokens: number): number {
  for (let size = 16; ; size *= 2) {
    if (tokens <= size) return size;
    if (size > 16 && tokens <= size * 1.5) return size * 1.5;
  }
}

/** A prompt as a row of its own. */
function promptRow(prompt: Int32Array, tokens: number): NamedData {
  const none = new Int32Array(0);
  const cut = { prompt: 0, chosen: 0, rejected: 0 };
  const pair: EncodedPair = { pairId: '', promptId: '', prompt, chosen: none, rejected: none, cut };
  return rowInputs([pair], { tokens, responses: 1, pairs: 1 });
}

const picked = (available: NamedData, program: Program): NamedData =>
  Object.fromEntries(Object.keys(program.inputs).map((name) => [name, available[name]!]));

/** Opens a checkpoint, or the base model where it is null, its weights held as asked: a run's are held as it trained over them. Throws `checkpoint.…`, `model.…`, `compute.…`. */
export async function openGenerator(
  modelDir: string,
  checkpointDir: string | null,
  choice: EngineChoice,
  weights: WeightsChoice = 'as-stored',
): Promise<Generator> {
  const checkpoint = checkpointDir === null ? null : await readCheckpoint(checkpointDir);
  const run = checkpoint?.config.run ?? null;
  const { model, tokenizer } = await openModel(modelDir, run ?? { weights }, checkpoint?.start);
  if (checkpoint) requireSameModel(checkpoint, model);
  const trained = checkpoint?.trained ?? {};
  const stops = await stopTokens(model, tokenizer);
  const { engine, fallback } = unwrap(await createEngine(choice));
  let copy: PackedCopy;
  try {
    const constants = await policyConstants(engine, model, run, trained);
    copy = packedCopy(engine.name, constants);
    await engine.setConstants(constants);
  } catch (error) {
    await engine.dispose();
    throw error;
  }
  const options = { backbone: model.config, run, apart: adaptedApart(model, trained) };
  const packed = copy.embeddedBytes < MOST_EMBEDDED_BYTES && copy.bytes < totalmem() / 4;
  const keptDecoders = Math.max(1, Math.min(MOST_DECODERS, Math.floor(PACKED_BYTES / copy.bytes)));
  const compiled = new Map<string, { program: Program; ready: Promise<CompiledProgram> }>();
  const decoders = new Map<string, { shape: CacheShape; ready: Promise<CompiledProgram> }>();
  let turn: Promise<unknown> = Promise.resolve();

  const runOf = async (program: Program, available: NamedData): Promise<NamedData> => {
    const known = compiled.get(program.name) ?? { program, ready: engine.compile(program) };
    compiled.set(program.name, known);
    return (await known.ready).run(picked(available, known.program));
  };
  const layers = Array.from({ length: model.config.layers }, (_, layer) => layer);

  return {
    model,
    tokenizer,
    run,
    trained,
    engine,
    engineFrame: { type: 'engine', engine: engine.name, fallback },
    stops,
    async prefill(prompt, z) {
      const stride = promptBucket(prompt.length);
      const row = promptRow(prompt, stride);
      const outputs = await runOf(
        prefillProgram(options, stride, z !== null),
        z === null ? row : { ...row, z: Float32Array.from(z) },
      );
      const of = (kind: string) => layers.map((layer) => outputs[`${kind}.${layer}`] as Float32Array);
      const cache = { tokens: prompt.length, stride, keys: of('keys'), values: of('values') };
      return { cache, promptState: (outputs.promptState as Float32Array | undefined) ?? null };
    },
    async replyLogps(prompt, reply, z) {
      const [tokens, replies] = [promptBucket(prompt.length + reply.length), promptBucket(reply.length)];
      const program = replyProgram(options, { tokens, replies });
      const responseRows = Int32Array.from({ length: replies }, (_, place) =>
        place < reply.length ? prompt.length - 1 + place : 0,
      );
      const targets = new Int32Array(replies);
      targets.set(reply);
      const row = promptRow(Int32Array.of(...prompt, ...reply), tokens);
      const { logps } = await runOf(program, {
        ...row,
        ...{ responseRows, targets },
        z: z === null ? new Float32Array(model.config.hiddenSize) : Float32Array.from(z),
      });
      return (logps as Float32Array).slice(0, reply.length);
    },
    async latents(promptState, rows, noise) {
      const latent = run?.latent;
      if (!latent) throw new RangeError('a policy without a latent has no z');
      const wanted = inferenceLatentInputs(latent, rows, model.config.hiddenSize).noiseInference;
      const outputs = await runOf(latentProgram(options, latent, rows), {
        promptState: Float32Array.from(promptState),
        ...(wanted && { noiseInference: noise(wanted.shape[1] as number) }),
      });
      return { z: outputs.z as Float32Array, prior: (outputs.prior as Float32Array | undefined) ?? null };
    },
    async decoder(shape) {
      const key = `${shape.rows}x${shape.capacity}`;
      const known = decoders.get(key) ?? {
        shape,
        ready: engine.compile(decodeProgram(options, shape, packed)),
      };
      decoders.delete(key);
      decoders.set(key, known);
      for (const [oldest, program] of [...decoders].slice(0, -keptDecoders)) {
        decoders.delete(oldest);
        await (await program.ready).dispose();
        await engine.dropState(Object.keys(cacheSpecs(model.config, program.shape)));
      }
      return known.ready;
    },
    alone(work) {
      const result = turn.then(work, work);
      turn = result.catch(() => null);
      return result;
    },
    dispose: () => engine.dispose(),
  };
}
