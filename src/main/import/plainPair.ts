/** Rows of the commonest kind, read without asking what else they could be: a text each for prompt and replies. Pure. */
import type { FieldReading, ImportedVerdict, JsonObject, RowOutcome } from './types.ts';

const DIALOGUE = /^(?:\r?\n\r?\n)?(?:Human|Assistant|System):/;
/** Begins like a list written as text, or like what a chat template puts before a turn. */
const MARKED = /^\s*[[<]/;
const VERDICTS: readonly ImportedVerdict[] = [{ annotator: null, verdict: 'first', strength: null }];
const TEXTS: readonly FieldReading[] = ['chosen', 'rejected', 'prompt'].map((name) => ({
  part: name,
  field: name,
}));
const SOURCE: FieldReading = { part: 'source', field: 'source' };
const ID: FieldReading = { part: 'id', field: 'id' };
/** By whether there is a source, and an id. */
const READINGS = [TEXTS, [...TEXTS, SOURCE], [...TEXTS, ID], [...TEXTS, SOURCE, ID]] as const;

const isText = (value: unknown): value is string => typeof value === 'string';
const isBlank = (text: string): boolean => text.trim() === '';
/** May end as a chat template ends a turn. */
const endsMarked = (text: string): boolean => text.trimEnd().endsWith('>');
const isReply = (value: unknown): value is string =>
  isText(value) && !isBlank(value) && !MARKED.test(value) && !endsMarked(value);

/** What the shapes would read of `{prompt, chosen, rejected}` with or without `id` and `source`; null for other rows. */
export function plainPair(row: JsonObject): RowOutcome | null {
  let fields = 0;
  for (const _ in row) fields += 1;
  const { prompt, chosen, rejected, id, source } = row;
  if (
    !isText(prompt) ||
    isBlank(prompt) ||
    MARKED.test(prompt) ||
    endsMarked(prompt) ||
    DIALOGUE.test(prompt)
  )
    return null;
  if (!isReply(chosen) || !isReply(rejected) || chosen === rejected) return null;
  // Replies that repeat the prompt are read without it.
  if (chosen.startsWith(prompt) && rejected.startsWith(prompt)) return null;
  const hasId = typeof id === 'number' || (isText(id) && id !== '');
  const hasSource = isText(source) && source.length <= 120 && !isBlank(source);
  if (fields !== 3 + (hasId ? 1 : 0) + (hasSource ? 1 : 0)) return null;
  return {
    ok: true,
    shape: 'pairs',
    readings: READINGS[(hasSource ? 1 : 0) + (hasId ? 2 : 0)] as readonly FieldReading[],
    items: [
      {
        kind: 'pair',
        messages: [{ role: 'user', content: prompt }],
        replies: [chosen, rejected],
        verdicts: VERDICTS,
        source: hasSource ? source.trim() : null,
        aspect: null,
        itemId: hasId ? String(id) : null,
        metadata: null,
      },
    ],
  };
}
