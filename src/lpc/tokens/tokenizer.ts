/** The tokenizer of a model, with the tokens that begin a text and end a turn. */
import { join } from 'node:path';
import { Tokenizer as PieceTokenizer } from '@huggingface/tokenizers';
import { FacetError, fail, ok, type Result, toFailure } from '#core/result.ts';
import { isJsonObject, type JsonObject, type ReadText, readJsonObject } from '../backbone/files.ts';
import { modelTexts } from '../gguf/place.ts';
import { type ChatTemplate, type OpenOptions, openChatTemplate } from './chatTemplate.ts';
import { requireKnownParts } from './knownParts.ts';
import { interruptible, TEXT_LIMIT_MS, watched } from './timeLimit.ts';

export interface Tokenizer {
  readonly dir: string;
  /** Ids lie below this: the rows of the model's embedding. */
  readonly vocabulary: number;
  readonly bosId: number | null;
  readonly eosId: number | null;
  /** Ends a reply: the special token that the chat template writes after one, else the end-of-text token. */
  readonly endOfTurnId: number;
  /** The tokenizer itself puts the beginning-of-text token before a text. */
  readonly addsBos: boolean;
  /** The tokenizer itself puts a space before a text's first word. */
  readonly addsSpace: boolean;
  readonly chatTemplate: ChatTemplate | null;
  /** Ids of a text; with `special` (the default) with what the tokenizer adds around it. Throws `tokens.unknown-piece`. */
  encode(text: string, options?: { readonly special?: boolean }): Int32Array;
  /** Text of ids, special tokens left out unless asked for. */
  decode(ids: ArrayLike<number>, options?: { readonly special?: boolean }): string;
}

const SPECIAL_NAMES = ['bos_token', 'eos_token', 'unk_token', 'pad_token'] as const;

/** Special tokens by name, as text; configs write them as a string or as `{content}`. */
function specialTokensOf(sources: readonly (JsonObject | null)[]): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const name of SPECIAL_NAMES) {
    for (const source of sources) {
      const value = source?.[name];
      const text = isJsonObject(value) ? value.content : value;
      if (typeof text === 'string' && text !== '') {
        tokens[name] = text;
        break;
      }
    }
  }
  return tokens;
}

function firstId(value: unknown): number | null {
  const id: unknown = Array.isArray(value) ? value[0] : value;
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 ? id : null;
}

/** Id of the first special token that the template writes after a reply; null where it writes none. */
function endOfTurnFrom(pieces: PieceTokenizer, template: ChatTemplate): number | null {
  const mark = 'facetreplymark';
  const text = template.render(
    [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: mark },
    ],
    false,
  );
  const at = text.lastIndexOf(mark);
  if (at < 0) return null;
  const added = pieces.get_added_tokens_decoder();
  const after = text.slice(at + mark.length);
  if (after === '') return null;
  return pieces.encode(after, { add_special_tokens: false }).ids.find((id) => added.get(id)?.special) ?? null;
}

const badTokenizer = (file: string, error: unknown): FacetError =>
  new FacetError(
    {
      code: 'tokens.bad-tokenizer',
      message: `${file} can't be used: ${toFailure(error).message}.`,
      fix: 'Fetch tokenizer.json again, or choose another model.',
      where: { file },
    },
    { cause: error },
  );

function createPieces(json: JsonObject, config: JsonObject, file: string): PieceTokenizer {
  try {
    return new PieceTokenizer(json, config);
  } catch (error) {
    throw badTokenizer(file, error);
  }
}

async function open(
  dir: string,
  { read, limitMs, chosen }: OpenOptions & { read: ReadText; limitMs: number },
): Promise<Tokenizer> {
  const file = join(dir, 'tokenizer.json');
  const json = await readJsonObject(file, read);
  if (json === null) {
    throw new FacetError({
      code: 'model.missing-file',
      message: `${file} is missing.`,
      fix: 'Fetch the model together with its tokenizer.json.',
      where: { file },
    });
  }
  requireKnownParts(json, file);
  const tokenizerConfig = (await readJsonObject(join(dir, 'tokenizer_config.json'), read)) ?? {};
  const specialMap = await readJsonObject(join(dir, 'special_tokens_map.json'), read);
  const modelConfig = await readJsonObject(join(dir, 'config.json'), read);
  const once = <T>(work: () => T): T => interruptible(file, limitMs, work);
  const pieces = once(() => createPieces(json, tokenizerConfig, file));
  const specialTokens = specialTokensOf([tokenizerConfig, specialMap]);
  const idOf = (name: string): number | null => {
    const text = specialTokens[name];
    return (text === undefined ? undefined : pieces.token_to_id(text)) ?? null;
  };
  const bosId = idOf('bos_token') ?? firstId(modelConfig?.bos_token_id);
  const eosId = idOf('eos_token') ?? firstId(modelConfig?.eos_token_id);
  const chatTemplate = await openChatTemplate(dir, tokenizerConfig, specialTokens, { chosen, read, limitMs });
  const endOfTurnId = (chatTemplate && once(() => endOfTurnFrom(pieces, chatTemplate))) ?? eosId;
  if (endOfTurnId === null) {
    throw new FacetError({
      code: 'tokens.no-end-of-turn',
      message: `${dir} has no end-of-text token, neither in tokenizer_config.json nor in config.json.`,
      fix: 'Add "eos_token" to tokenizer_config.json.',
      where: { file: join(dir, 'tokenizer_config.json'), field: 'eos_token' },
    });
  }
  const stated = modelConfig?.vocab_size;
  // Counted only where it must be: that takes a copy of the whole vocabulary.
  const vocabulary =
    typeof stated === 'number' && Number.isInteger(stated) ? stated : pieces.get_vocab().size;
  for (const [name, id] of Object.entries({ beginning: bosId, end: eosId, 'end of a turn': endOfTurnId })) {
    if (id !== null && !(Number.isInteger(id) && id >= 0 && id < vocabulary)) {
      throw new FacetError({
        code: 'tokens.unknown-piece',
        message: `${file}: the token of the ${name} has id ${id}, not one of the model's ${vocabulary}.`,
        fix: 'Check that tokenizer and weights belong to the same model.',
        where: { file },
      });
    }
  }

  const encode: Tokenizer['encode'] = (text, { special = true } = {}) => {
    if (text === '' && !special) return new Int32Array(0);
    const { ids } = watched(() => pieces.encode(text, { add_special_tokens: special }));
    const outside = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
    if (outside >= 0) {
      throw new FacetError({
        code: 'tokens.unknown-piece',
        message: `${file}: piece ${outside} of the text has id ${ids[outside]}, not one of the model's ${vocabulary}.`,
        fix: 'Check that tokenizer and weights belong to the same model.',
        where: { file },
      });
    }
    return Int32Array.from(ids);
  };
  return {
    dir,
    vocabulary,
    bosId,
    eosId,
    endOfTurnId,
    addsBos: bosId !== null && once(() => encode('a'))[0] === bosId,
    addsSpace: /^[▁Ġ ]/u.test(once(() => pieces.tokenize('a', { add_special_tokens: false }))[0] ?? ''),
    chatTemplate,
    encode,
    decode: (ids, { special = false } = {}) =>
      ids.length === 0
        ? ''
        : watched(() =>
            pieces.decode(Array.from(ids), {
              skip_special_tokens: !special,
              clean_up_tokenization_spaces: tokenizerConfig.clean_up_tokenization_spaces === true,
            }),
          ),
  };
}

/**
 * Opens `tokenizer.json` and what lies beside it. Failures: `model.missing-file`, `model.invalid-json`,
 * `tokens.bad-tokenizer`, `tokens.unsupported-tokenizer`, `tokens.unknown-piece`, `tokens.bad-template`, `tokens.template-failed`, `tokens.no-end-of-turn`,
 * and `tokens.too-slow` where template or patterns take longer than `limitMs` for a short text.
 */
export async function openTokenizer(
  dir: string,
  { read, limitMs = TEXT_LIMIT_MS, chosen }: OpenOptions = {},
): Promise<Result<Tokenizer>> {
  try {
    return ok(await open(dir, { read: read ?? (await modelTexts(dir)), limitMs, chosen }));
  } catch (error) {
    if (error instanceof FacetError) return fail(error.failure);
    // The library trips over some damaged files only when it first encodes.
    return fail(badTokenizer(join(dir, 'tokenizer.json'), error).failure);
  }
}
