/** Models as somebody might have fetched them: config, headers, tokenizer and GGUF files damaged or made to lie. */
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type RandomSource, randomSource } from '#core/random.ts';
import { unwrap } from '#core/result.ts';
import { openModelFolder } from '#lpc/backbone/modelFolder.ts';
import { modelTexts } from '#lpc/gguf/place.ts';
import { ggufBytes } from '#lpc/gguf/testGguf.ts';
import { tokenizerConfig, tokenizerJson } from '#lpc/pretrain/tokenizerFiles.ts';
import { mutated } from '#lpc/testMutations.ts';
import { encodePrompt, encodeReply } from '#lpc/tokens/template.ts';
import { openTokenizer } from '#lpc/tokens/tokenizer.ts';
import { oddText, oddValue } from '../oddValues.ts';
import type { OpenTarget } from '../types.ts';

const golden = resolve(import.meta.dirname, '..', '..', 'golden');
const MERGES: [string, string][] = [
  ['t', 'h'],
  ['th', 'e'],
  ['Ġ', 'the'],
];
const TOKENIZER_MS = 2000;

const TEMPLATE = '{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}';
const TOKENIZER: Readonly<Record<string, string>> = {
  'tokenizer.json': JSON.stringify(tokenizerJson(MERGES)),
  'tokenizer_config.json': JSON.stringify({ ...tokenizerConfig(64), chat_template: TEMPLATE }),
  'config.json': '{"vocab_size": 300, "eos_token_id": 1}',
};
const CONFIG_KEYS = [
  ...new Set(
    readdirSync(join(golden, 'models')).flatMap((name) =>
      Object.keys(
        JSON.parse(readFileSync(join(golden, 'models', name, 'config.json'), 'utf8')) as Record<
          string,
          unknown
        >,
      ),
    ),
  ),
];

const tokens = ['<unk>', '<s>', '</s>', 'Ġ', 't', 'h', 'e', 'th', 'the', 'Ġthe'];
const SMALL_GGUF = ggufBytes(
  {
    'general.architecture': 'llama',
    'llama.block_count': 1,
    'llama.embedding_length': 32,
    'llama.attention.head_count': 2,
    'llama.feed_forward_length': 32,
    'llama.context_length': 64,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.merges': ['t h', 'th e', 'Ġ the'],
    'tokenizer.ggml.token_type': { int: tokens.map((_, id) => (id < 3 ? 3 : 1)) },
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
  },
  { 'token_embd.weight': { shape: [10, 32], type: 0, bytes: new Uint8Array(10 * 32 * 4) } },
);

/** JSON with values of anything, or damaged as bytes and as values. */
function otherJson(random: RandomSource, seed: number, index: number, text: string): Buffer {
  if (random.integer(3) > 0) return mutated(seed, 'model json', index, Buffer.from(text), true);
  const root = JSON.parse(text) as Record<string, unknown>;
  const keys = random.integer(2) === 0 ? Object.keys(root) : CONFIG_KEYS;
  root[random.pick(keys)] = oddValue(random, CONFIG_KEYS);
  return Buffer.from(JSON.stringify(root));
}

/** The head of a file of tensors damaged, the rest as it is. */
function otherTensors(seed: number, index: number, bytes: Buffer): Buffer {
  const end = 8 + Number(bytes.readBigUInt64LE());
  const isInStep = index % 3 > 0;
  if (!isInStep)
    return Buffer.concat([
      mutated(seed, 'tensors', index, bytes.subarray(0, end), false),
      bytes.subarray(end),
    ]);
  const json = mutated(seed, 'tensors', index, bytes.subarray(8, end), true);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, bytes.subarray(end)]);
}

/** No tensor may reach beyond its file: the engine maps it as it is said to be. */
async function openChecked(place: string): Promise<void> {
  const model = unwrap(await openModelFolder(place));
  for (const [name, { source }] of Object.entries(model.tensors))
    if (source.kind === 'file' && source.offset + source.bytes > statSync(source.path).size)
      throw new Error(`${name} reaches beyond ${source.path}`);
}

async function readTokenizer(place: string, random: RandomSource): Promise<void> {
  const tokenizer = unwrap(
    await openTokenizer(place, { read: await modelTexts(place), limitMs: TOKENIZER_MS }),
  );
  const prompt = encodePrompt(tokenizer, [{ role: 'user', content: oddText(random) }]);
  const reply = encodeReply(tokenizer, oddText(random));
  for (const ids of [prompt, reply])
    if (!ids.every((id) => id >= 0 && id < tokenizer.vocabulary))
      throw new Error('an id beyond the vocabulary');
  tokenizer.decode(prompt);
}

function fillTokenizer(folder: string, seed: number, index: number, random: RandomSource): void {
  const hit = random.pick(Object.keys(TOKENIZER));
  for (const [name, text] of Object.entries(TOKENIZER)) {
    const isHit = name === hit && random.integer(20) > 0;
    writeFileSync(join(folder, name), isHit ? otherJson(random, seed, index, text) : text);
  }
}

function fillFolder(folder: string, seed: number, index: number, random: RandomSource): void {
  const from = join(golden, 'models', random.pick(readdirSync(join(golden, 'models'))));
  const files = readdirSync(from).filter((name) => name !== 'golden.json');
  for (const name of files) copyFileSync(join(from, name), join(folder, name));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    writeFileSync(join(folder, name), TOKENIZER[name] as string);
  if (random.integer(50) === 0) writeFileSync(join(folder, 'pytorch_model.bin'), '\u0080\u0004cos\nsystem\n');
  if (random.integer(20) === 0) return;
  const hit = random.pick(files);
  const bytes = readFileSync(join(folder, hit));
  writeFileSync(
    join(folder, hit),
    hit.endsWith('.safetensors')
      ? otherTensors(seed, index, bytes)
      : otherJson(random, seed, index, bytes.toString('utf8')),
  );
}

/** A file whose metadata or tensors lie; of the large ones the head alone is damaged. */
function otherGguf(seed: number, index: number, random: RandomSource): Buffer {
  const name = random.pick(['llama', 'qwen2', 'qwen3', 'small', 'small', 'small']);
  if (random.integer(20) === 0) return SMALL_GGUF;
  if (name === 'small') return mutated(seed, 'gguf', index, SMALL_GGUF, false);
  const bytes = readFileSync(join(golden, 'gguf', `${name}.gguf`));
  const head = Math.min(bytes.length, 4096);
  return Buffer.concat([mutated(seed, 'gguf', index, bytes.subarray(0, head), false), bytes.subarray(head)]);
}

export const modelFiles: OpenTarget = async (folder, seed) => ({
  read: async (index) => {
    const random = randomSource({ seed, stream: 'model', counter: index * 64 });
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    if (index % 3 === 0) {
      const file = join(folder, 'model.gguf');
      writeFileSync(file, otherGguf(seed, index, random));
      await (random.integer(2) === 0 ? openChecked(file) : readTokenizer(file, random));
    } else if (index % 3 === 1) {
      fillFolder(folder, seed, index, random);
      await openChecked(folder);
    } else {
      fillTokenizer(folder, seed, index, random);
      await readTokenizer(folder, random);
    }
    return null;
  },
  close: async () => undefined,
});
