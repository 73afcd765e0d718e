/** A random Qwen2-shaped checkpoint of about 1 GB, written in shards without holding it. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FLOAT_BYTES } from '#compute/stored/formats.ts';
import { randomSource } from '#core/random.ts';
import { FileWriter, writeFileAtomic } from '#disk/writeFile.ts';
import { type BackboneConfig, parseConfig } from '#lpc/backbone/config.ts';
import { weightShapes } from '#lpc/backbone/weightNames.ts';
import type { Merge } from '#lpc/pretrain/bpe.ts';
import { BYTE_CHARACTERS } from '#lpc/pretrain/bytePieces.ts';
import { tokenizerConfig, tokenizerJson, vocabularySize } from '#lpc/pretrain/tokenizerFiles.ts';

export type LoadDtype = 'BF16' | 'F32';

/** Widths of Qwen2.5-0.5B; as many layers as make 1 GB: 0.99 and 1.02 GB. */
const LAYERS: Readonly<Record<LoadDtype, number>> = { BF16: 24, F32: 8 };
const SHARD_BYTES = 350_000_000;
const VOCABULARY = 151_936;
/** Pieces of Qwen's tokenizer; the embedding has spare rows above them. */
const PIECES = 151_643;
const CONTEXT = 32_768;

const configJson = (dtype: LoadDtype) => ({
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: LAYERS[dtype],
  num_attention_heads: 14,
  num_key_value_heads: 2,
  vocab_size: VOCABULARY,
  max_position_embeddings: CONTEXT,
  rms_norm_eps: 1e-6,
  rope_theta: 1_000_000,
  tie_word_embeddings: true,
  hidden_act: 'silu',
});

/** Merges of random pieces of up to eight bytes, until the vocabulary is full. */
function randomMerges(): Merge[] {
  const random = randomSource({ seed: 1, stream: 'bench.load.merges', counter: 0 });
  const pieces = [...BYTE_CHARACTERS];
  const known = new Set(pieces);
  const merges: Merge[] = [];
  while (vocabularySize(merges) < PIECES) {
    const left = pieces[random.integer(pieces.length)]!;
    const right = pieces[random.integer(pieces.length)]!;
    const piece = left + right;
    if (piece.length > 8 || known.has(piece)) continue;
    known.add(piece);
    pieces.push(piece);
    merges.push([left, right]);
  }
  return merges;
}

const BLOCK_VALUES = 1 << 20;

/** Values uniform in ±0.035, a standard deviation of 0.02. */
function randomBlock(dtype: LoadDtype): Uint8Array {
  const random = randomSource({ seed: 1, stream: 'bench.load.weights', counter: 0 });
  const values = Float32Array.from({ length: BLOCK_VALUES }, () => 0.07 * (random.uniform() - 0.5));
  if (dtype === 'F32') return new Uint8Array(values.buffer);
  const bits = new Uint32Array(values.buffer);
  return new Uint8Array(Uint16Array.from(bits, (word) => word >>> 16).buffer);
}

interface Planned {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

function shardsOf(config: BackboneConfig, dtype: LoadDtype): Planned[][] {
  const shards: Planned[][] = [];
  let room = 0;
  for (const [name, shape] of Object.entries(weightShapes(config))) {
    const bytes = shape.reduce((a, b) => a * b, 1) * FLOAT_BYTES[dtype];
    if (bytes > room) {
      shards.push([]);
      room = SHARD_BYTES;
    }
    room -= bytes;
    shards.at(-1)!.push({ name, shape, bytes });
  }
  return shards;
}

async function writeShard(path: string, tensors: readonly Planned[], dtype: LoadDtype, block: Uint8Array) {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const { name, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await FileWriter.open(path);
  try {
    await file.write(Buffer.concat([length, json]));
    const one = dtype === 'F32' ? Buffer.from([0, 0, 0x80, 0x3f]) : Buffer.from([0x80, 0x3f]);
    for (const { name, bytes } of tensors) {
      const source = /norm\.weight$/.test(name) ? Buffer.alloc(bytes, one) : block;
      for (let done = 0; done < bytes; done += source.length) {
        await file.write(source.subarray(0, Math.min(source.length, bytes - done)));
      }
    }
    await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
  return json.length + 8 + offset;
}

/** Writes the folder and gives the bytes of its weight files. */
export async function writeLoadModel(dir: string, dtype: LoadDtype): Promise<number> {
  await mkdir(dir, { recursive: true });
  const json = configJson(dtype);
  await writeFileAtomic(join(dir, 'config.json'), [JSON.stringify(json)]);
  await writeFileAtomic(join(dir, 'tokenizer.json'), [JSON.stringify(tokenizerJson(randomMerges()))]);
  await writeFileAtomic(join(dir, 'tokenizer_config.json'), [JSON.stringify(tokenizerConfig(CONTEXT))]);
  const shards = shardsOf(parseConfig(json, 'config.json'), dtype);
  const block = randomBlock(dtype);
  const map: Record<string, string> = {};
  let total = 0;
  for (const [index, tensors] of shards.entries()) {
    const number = (value: number) => String(value).padStart(5, '0');
    const name = `model-${number(index + 1)}-of-${number(shards.length)}.safetensors`;
    total += await writeShard(join(dir, name), tensors, dtype, block);
    for (const tensor of tensors) map[tensor.name] = name;
  }
  const index = { metadata: { total_size: total }, weight_map: map };
  await writeFileAtomic(join(dir, 'model.safetensors.index.json'), [JSON.stringify(index)]);
  return total;
}
