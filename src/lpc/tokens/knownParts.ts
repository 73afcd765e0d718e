/** Parts of a tokenizer.json that the tokenizer library computes; it guesses at a model of a type that it doesn't know. */
import { FacetError } from '#core/result.ts';
import { isJsonObject, type JsonObject } from '../backbone/files.ts';

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  model: ['BPE', 'Unigram', 'WordPiece'],
  normalizer: [
    ...['BertNormalizer', 'Precompiled', 'Replace', 'NFC', 'NFD', 'NFKC', 'NFKD'],
    ...['Strip', 'StripAccents', 'Lowercase', 'Prepend'],
  ],
  pre_tokenizer: [
    ...['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit', 'Metaspace', 'ByteLevel', 'Split'],
    ...['Punctuation', 'Digits', 'Replace', 'FixedLength'],
  ],
  post_processor: ['TemplateProcessing', 'ByteLevel', 'BertProcessing', 'RobertaProcessing'],
  decoder: [
    ...['ByteLevel', 'WordPiece', 'Metaspace', 'BPEDecoder', 'CTC'],
    ...['Replace', 'Fuse', 'Strip', 'ByteFallback'],
  ],
};
/** Under which a Sequence lists its members. */
const MEMBERS = ['normalizers', 'pretokenizers', 'processors', 'decoders'];

function partsWithin(part: unknown): JsonObject[] {
  if (!isJsonObject(part)) return [];
  if (part.type !== 'Sequence') return [part];
  return MEMBERS.flatMap((name) => (Array.isArray(part[name]) ? part[name].flatMap(partsWithin) : []));
}

/** Throws `tokens.unsupported-tokenizer` with the part and its type. A model without a type, as old files have it, is let through. */
export function requireKnownParts(json: JsonObject, file: string): void {
  for (const [name, known] of Object.entries(KNOWN)) {
    const unknown = partsWithin(json[name]).find(
      ({ type }) => !(name === 'model' && type === undefined) && !known.includes(String(type)),
    );
    if (unknown === undefined) continue;
    throw new FacetError({
      code: 'tokens.unsupported-tokenizer',
      message: `${file}: its ${name} is of the type ${JSON.stringify(unknown.type ?? null)}, which isn't computed here.`,
      fix: `Choose a model whose ${name} is one of ${known.join(', ')}.`,
      where: { file, field: name },
    });
  }
}
