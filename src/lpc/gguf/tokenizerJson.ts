/** A GGUF file's vocabulary as the `tokenizer.json` and `tokenizer_config.json` that the tokenizer library reads. */
import { FacetError } from '#core/result.ts';
import type { JsonObject } from '../backbone/files.ts';
import { badGguf } from './ByteReader.ts';
import type { GgufFile } from './header.ts';
import { preTokenizer } from './preTokenizers.ts';
import { mergesFromScores } from './scoreMerges.ts';

/** Kinds of a token, by llama.cpp's numbers. */
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly kinds: ArrayLike<number>;
}

const KEY = (name: string): string => `tokenizer.ggml.${name}`;

function textsOf(file: GgufFile, name: string): readonly string[] {
  const value = file.metadata.get(KEY(name));
  if (Array.isArray(value) && value.every((text): text is string => typeof text === 'string')) return value;
  throw badGguf(file.path, `the metadata ${KEY(name)} is missing or holds no texts`, KEY(name));
}

function numbersOf(file: GgufFile, name: string, count: number): Float64Array | null {
  const value = file.metadata.get(KEY(name));
  if (value === undefined) return null;
  if (value instanceof Float64Array && value.length === count) return value;
  throw badGguf(
    file.path,
    `the metadata ${KEY(name)} holds no number for each of ${count} tokens`,
    KEY(name),
  );
}

function flagOf(file: GgufFile, name: string, fallback: boolean): boolean {
  const value = file.metadata.get(KEY(name));
  return typeof value === 'boolean' ? value : fallback;
}

const tokenAt = ({ metadata }: GgufFile, { tokens }: Vocabulary, name: string): string | null => {
  const id = metadata.get(KEY(name));
  return typeof id === 'number' ? (tokens[id] ?? null) : null;
};

function addedTokens({ tokens, kinds }: Vocabulary, special: readonly number[]): JsonObject[] {
  return tokens.flatMap((content, id) => {
    const kind = kinds[id] as number;
    if (kind !== CONTROL && kind !== USER_DEFINED && kind !== UNKNOWN) return [];
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    return [{ id, content, ...plain, special: special.includes(kind) }];
  });
}

/** Puts the beginning-of-text token before a text. */
function beginning(token: string, id: number): JsonObject {
  const first = { SpecialToken: { id: token, type_id: 0 } };
  return {
    type: 'TemplateProcessing',
    single: [first, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [first, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}

const vocabOf = ({ tokens }: Vocabulary): Record<string, number> => {
  const vocab: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const [id, token] of tokens.entries()) vocab[token] ??= id;
  return vocab;
};

/** Byte-level BPE, as GPT-2 began it: merges are stated. */
function bytePairs(file: GgufFile, vocabulary: Vocabulary): JsonObject {
  const { normalizer, pretokenizer, ignoreMerges } = preTokenizer(file);
  return {
    normalizer,
    pre_tokenizer: pretokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: ignoreMerges,
      vocab: vocabOf(vocabulary),
      merges: textsOf(file, 'merges'),
    },
  };
}

/** SentencePiece with scores: pieces are joined best score first, bytes stand in for characters without a piece. */
function sentencePieces(file: GgufFile, vocabulary: Vocabulary): JsonObject {
  const { tokens, kinds } = vocabulary;
  const scores = numbersOf(file, 'scores', tokens.length);
  if (scores === null) throw badGguf(file.path, `the metadata ${KEY('scores')} is missing`, KEY('scores'));
  const prefix = flagOf(file, 'add_space_prefix', true);
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const unknown = Array.prototype.indexOf.call(kinds, UNKNOWN);
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: prefix ? [{ type: 'Prepend', prepend: '▁' }, spaces] : [spaces],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      unk_token: tokens[unknown] ?? null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: vocabOf(vocabulary),
      merges: mergesFromScores(tokens, scores),
    },
  };
}

export interface TokenizerFiles {
  /** Takes seconds for a quarter of a million pieces. */
  tokenizer(): JsonObject;
  readonly config: JsonObject;
}

/** Throws `model.bad-gguf` or `tokens.unsupported-tokenizer`. */
export function tokenizerFiles(file: GgufFile): TokenizerFiles {
  const tokens = textsOf(file, 'tokens');
  const kinds = numbersOf(file, 'token_type', tokens.length) ?? new Float64Array(tokens.length).fill(1);
  const vocabulary = { tokens, kinds };
  const model = file.metadata.get(KEY('model'));
  if (model !== 'gpt2' && model !== 'llama')
    throw new FacetError({
      code: 'tokens.unsupported-tokenizer',
      message: `${file.path}: its tokenizer is of the kind ${JSON.stringify(model) ?? 'none'}; Facet reads "gpt2" (byte-level BPE) and "llama" (SentencePiece).`,
      fix: 'Choose another file, or the model in its safetensors form with tokenizer.json.',
      where: { file: file.path, field: KEY('model') },
    });
  const bytes = model === 'gpt2';
  const bosToken = tokenAt(file, vocabulary, 'bos_token_id');
  const addsBos = flagOf(file, 'add_bos_token', !bytes) && bosToken !== null;
  const template = file.metadata.get('tokenizer.chat_template');
  const named = {
    bos_token: bosToken,
    eos_token: tokenAt(file, vocabulary, 'eos_token_id'),
    unk_token: tokenAt(file, vocabulary, 'unknown_token_id'),
    pad_token: tokenAt(file, vocabulary, 'padding_token_id'),
  };
  return {
    tokenizer: () => ({
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(vocabulary, [CONTROL, UNKNOWN]),
      post_processor: addsBos ? beginning(bosToken, tokens.indexOf(bosToken)) : null,
      ...(bytes ? bytePairs(file, vocabulary) : sentencePieces(file, vocabulary)),
    }),
    config: {
      ...Object.fromEntries(Object.entries(named).filter(([, token]) => token !== null)),
      ...(typeof template === 'string' && { chat_template: template }),
      clean_up_tokenization_spaces: false,
      tokenizer_class: 'PreTrainedTokenizerFast',
    },
  };
}
