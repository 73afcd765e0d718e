/** `tokenizer.json` and `tokenizer_config.json` of a byte-level BPE with a chat template. */
import type { Merge } from './bpe.ts';
import { BYTE_CHARACTERS } from './bytePieces.ts';

/** Ids 0 … 4, in this order. The end token closes an assistant's turn. */
export const SPECIAL_TOKENS = {
  begin: '<|begin|>',
  end: '<|end|>',
  system: '<|system|>',
  user: '<|user|>',
  assistant: '<|assistant|>',
} as const;

export const BEGIN_ID = 0;
export const END_ID = 1;

/** Pieces of a vocabulary: special tokens, the 256 bytes, merges. */
export const vocabularySize = (merges: readonly Merge[]): number =>
  Object.keys(SPECIAL_TOKENS).length + BYTE_CHARACTERS.length + merges.length;

const CHAT_TEMPLATE = [
  '{{ bos_token }}',
  '{% for message in messages %}',
  "{% if message['role'] == 'assistant' %}",
  `{{ '${SPECIAL_TOKENS.assistant}' + message['content'] + eos_token }}`,
  "{% elif message['role'] == 'system' %}",
  `{{ '${SPECIAL_TOKENS.system}' + message['content'] }}`,
  '{% else %}',
  `{{ '${SPECIAL_TOKENS.user}' + message['content'] }}`,
  '{% endif %}',
  '{% endfor %}',
  `{% if add_generation_prompt %}{{ '${SPECIAL_TOKENS.assistant}' }}{% endif %}`,
].join('');

export function tokenizerJson(merges: readonly Merge[]): Record<string, unknown> {
  const special = Object.values(SPECIAL_TOKENS);
  const pieces = [...special, ...BYTE_CHARACTERS, ...merges.map(([left, right]) => left + right)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: merges.map(([left, right]) => `${left} ${right}`),
    },
  };
}

export const tokenizerConfig = (contextLength: number): Record<string, unknown> => ({
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: SPECIAL_TOKENS.begin,
  eos_token: SPECIAL_TOKENS.end,
  model_max_length: contextLength,
  clean_up_tokenization_spaces: false,
  add_bos_token: false,
  chat_template: CHAT_TEMPLATE,
});
