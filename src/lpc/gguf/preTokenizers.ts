/** How byte-level BPE vocabularies cut a text before merging, by the name that llama.cpp gives each way. */
import { FacetError } from '#core/result.ts';
import { isJsonObject, type JsonObject } from '../backbone/files.ts';
import type { GgufFile } from './header.ts';

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const WORDS = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+';
const REST = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const LLAMA3 = `${CONTRACTIONS}|${WORDS}|\\p{N}{1,3}|${REST}`;
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const BEFORE = '[^\\r\\n\\p{L}\\p{N}]?';
const GPT4O = `${BEFORE}${UPPER}*${LOWER}+${CONTRACTIONS}?|${BEFORE}${UPPER}+${LOWER}*${CONTRACTIONS}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const QWEN2 = `${CONTRACTIONS}|${WORDS}|\\p{N}|${REST}`;

const byteLevel = (withGpt2Words: boolean): JsonObject => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: withGpt2Words,
});
const sequence = (...pretokenizers: JsonObject[]): JsonObject => ({ type: 'Sequence', pretokenizers });
const cutBy = (pattern: string): JsonObject =>
  sequence(
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    byteLevel(false),
  );

interface PreTokenizer {
  readonly normalizer: JsonObject | null;
  readonly pretokenizer: JsonObject;
  /** A word that is a token as a whole is taken as one, whatever the merges give. */
  readonly ignoreMerges: boolean;
}
const plain = (pretokenizer: JsonObject, ignoreMerges = false): PreTokenizer => ({
  normalizer: null,
  pretokenizer,
  ignoreMerges,
});
const GPT2 = plain(byteLevel(true));
const DIGITS_APART = plain(sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)));
const QWEN: PreTokenizer = { normalizer: { type: 'NFC' }, pretokenizer: cutBy(QWEN2), ignoreMerges: false };

const PRE_TOKENIZERS: Readonly<Record<string, PreTokenizer>> = {
  'gpt-2': GPT2,
  smollm: DIGITS_APART,
  starcoder: DIGITS_APART,
  refact: DIGITS_APART,
  'llama-bpe': plain(cutBy(LLAMA3), true),
  'llama-v3': plain(cutBy(LLAMA3), true),
  llama3: plain(cutBy(LLAMA3), true),
  dbrx: plain(cutBy(LLAMA3)),
  'gpt-4o': plain(cutBy(GPT4O)),
  qwen2: QWEN,
  'deepseek-r1-qwen': QWEN,
};

/** What of a part tells how it cuts: settings at their default, and how offsets are counted, are left out. */
function cutsOf(part: unknown): unknown {
  if (!isJsonObject(part)) return part ?? null;
  if (part.type === 'Sequence') {
    const members = (part.pretokenizers ?? part.normalizers) as unknown[];
    return members.length === 1 ? cutsOf(members[0]) : members.map(cutsOf);
  }
  if (part.type === 'ByteLevel')
    return ['ByteLevel', part.use_regex !== false, part.add_prefix_space === true];
  return Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** llama.cpp's name of the way in which a `tokenizer.json` cuts texts; null where none is known. */
export function preTokenizerName(tokenizer: JsonObject): string | null {
  const ignoreMerges = isJsonObject(tokenizer.model) && tokenizer.model.ignore_merges === true;
  const key = (normalizer: unknown, pretokenizer: unknown, ignores: boolean): string =>
    JSON.stringify([cutsOf(normalizer), cutsOf(pretokenizer), ignores]);
  const wanted = key(tokenizer.normalizer, tokenizer.pre_tokenizer, ignoreMerges);
  const found = Object.entries(PRE_TOKENIZERS).find(
    ([, known]) => key(known.normalizer, known.pretokenizer, known.ignoreMerges) === wanted,
  );
  return found?.[0] ?? null;
}

/** Throws `tokens.unsupported-tokenizer` naming the way that Facet lacks. */
export function preTokenizer({ path, metadata }: GgufFile): PreTokenizer {
  const name = metadata.get('tokenizer.ggml.pre');
  if (typeof name === 'string' && Object.hasOwn(PRE_TOKENIZERS, name)) return PRE_TOKENIZERS[name]!;
  throw new FacetError({
    code: 'tokens.unsupported-tokenizer',
    message: `${path}: it splits text by the rule ${JSON.stringify(name) ?? 'of no name'}, which Facet does not support.`,
    fix: `Choose the model in its safetensors form with tokenizer.json; of GGUF files Facet reads those with ${Object.keys(PRE_TOKENIZERS).join(', ')}.`,
    where: { file: path, field: 'tokenizer.ggml.pre' },
  });
}
