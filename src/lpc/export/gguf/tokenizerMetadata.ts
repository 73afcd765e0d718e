/** The tokenizer of a model folder as a GGUF file's metadata states it. */
import { join } from 'node:path';
import { unwrap } from '#core/result.ts';
import { isJsonObject, type JsonObject, readJsonObject } from '../../backbone/files.ts';
import { preTokenizerName } from '../../gguf/preTokenizers.ts';
import { openTokenizer } from '../../tokens/tokenizer.ts';
import { cannotCarry } from '../failures.ts';
import type { GgufValue } from './values.ts';

/** Kinds of a token, by llama.cpp's numbers. */
const KIND = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const BYTE = /^<0x[0-9A-F]{2}>$/;

const noForm = (dir: string, why: string): Error =>
  cannotCarry(
    `${join(dir, 'tokenizer.json')}: ${why}, for which no name in GGUF files is known here.`,
    'Export the merged folder, and convert it by llama.cpp’s convert_hf_to_gguf.py.',
  );

interface Vocabulary {
  readonly tokens: string[];
  readonly kinds: number[];
}

/** Every id has a token; ids that the model has and the tokenizer has not are unused. */
function vocabularyOf(json: JsonObject, model: JsonObject, size: number): Vocabulary {
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const kinds = Array<number>(size).fill(KIND.unused);
  const put = (id: unknown, token: string, kind: number): void => {
    if (typeof id !== 'number' || id >= size) return;
    tokens[id] = token;
    kinds[id] = kind;
  };
  for (const [token, id] of Object.entries(isJsonObject(model.vocab) ? model.vocab : {}))
    put(id, token, model.byte_fallback === true && BYTE.test(token) ? KIND.byte : KIND.normal);
  for (const added of Array.isArray(json.added_tokens) ? json.added_tokens : []) {
    if (!isJsonObject(added) || typeof added.content !== 'string') continue;
    const kind =
      added.content === model.unk_token
        ? KIND.unknown
        : added.special === true
          ? KIND.control
          : KIND.userDefined;
    // llama.cpp looks for these before spaces become ▁.
    const content = kind === KIND.userDefined ? added.content.replaceAll('▁', ' ') : added.content;
    put(added.id, content, kind);
  }
  return { tokens, kinds };
}

const mergesOf = ({ merges }: JsonObject): string[] =>
  (Array.isArray(merges) ? merges : []).map((merge: unknown) =>
    Array.isArray(merge) ? merge.join(' ') : String(merge),
  );

/** SentencePiece joins the pair whose piece has the best score: minus the rank of the first merge that makes it. */
function scoresOf(tokens: readonly string[], merges: readonly string[]): number[] {
  const ranks = new Map<string, number>();
  for (const [rank, merge] of merges.entries()) {
    const piece = merge.replace(' ', '');
    if (!ranks.has(piece)) ranks.set(piece, rank);
  }
  return tokens.map((token) => -(ranks.get(token) ?? merges.length));
}

const within = (part: unknown, type: string): JsonObject[] => {
  if (!isJsonObject(part)) return [];
  if (part.type === type) return [part];
  const members = [part.normalizers, part.pretokenizers].find(Array.isArray) ?? [];
  return members.flatMap((member) => within(member, type));
};

/** Whether a space is put before a text's first word. */
function prefixesSpace(json: JsonObject): boolean {
  const [metaspace] = within(json.pre_tokenizer, 'Metaspace');
  if (metaspace) return metaspace.prepend_scheme !== 'never' && metaspace.add_prefix_space !== false;
  return within(json.normalizer, 'Prepend').length > 0;
}

/** `vocabulary`: rows of the embedding. Throws `export.not-this-run` where GGUF has no form for the tokenizer, and as `openTokenizer`. */
export async function tokenizerMetadata(dir: string, vocabulary: number): Promise<[string, GgufValue][]> {
  const json = (await readJsonObject(join(dir, 'tokenizer.json'))) ?? {};
  const model = isJsonObject(json.model) ? json.model : {};
  const isBpe = model.type === 'BPE' || (model.type === undefined && Array.isArray(model.merges));
  if (!isBpe) throw noForm(dir, `its model is of the type ${JSON.stringify(model.type ?? null)}`);
  const { tokens, kinds } = vocabularyOf(json, model, vocabulary);
  const merges = mergesOf(model);
  const asPieces = model.byte_fallback === true;
  const pre = asPieces ? null : preTokenizerName(json);
  if (!asPieces && pre === null) throw noForm(dir, 'it splits text in a way of its own');
  const opened = unwrap(await openTokenizer(dir));
  const config = (await readJsonObject(join(dir, 'tokenizer_config.json'))) ?? {};
  const idOf = (name: string): number | null => {
    const stated = config[name];
    const token = isJsonObject(stated) ? stated.content : stated;
    const id = typeof token === 'string' ? tokens.indexOf(token) : -1;
    return id < 0 ? null : id;
  };
  const ids = {
    bos_token_id: opened.bosId,
    eos_token_id: opened.eosId ?? opened.endOfTurnId,
    eot_token_id: opened.endOfTurnId === opened.eosId ? null : opened.endOfTurnId,
    unknown_token_id: idOf('unk_token'),
    padding_token_id: idOf('pad_token'),
  };
  const entries: [string, GgufValue][] = [
    ['model', asPieces ? 'llama' : 'gpt2'],
    ...(pre === null ? [] : [['pre', pre] as [string, GgufValue]]),
    ['tokens', { texts: tokens }],
    ...(asPieces ? [['scores', { floats: scoresOf(tokens, merges) }] as [string, GgufValue]] : []),
    ['token_type', { ints: kinds }],
    ...(asPieces ? [] : [['merges', { texts: merges }] as [string, GgufValue]]),
    ...Object.entries(ids).flatMap(([name, id]): [string, GgufValue][] =>
      id === null ? [] : [[name, { u32: id }]],
    ),
    ['add_bos_token', opened.addsBos],
    ...(asPieces ? [['add_space_prefix', prefixesSpace(json)] as [string, GgufValue]] : []),
  ];
  const template = opened.chatTemplate?.source;
  return [
    ...entries.map(([name, value]): [string, GgufValue] => [`tokenizer.ggml.${name}`, value]),
    ...(template === undefined ? [] : [['tokenizer.chat_template', template] as [string, GgufValue]]),
  ];
}
