/** Which field is which part, as choices of a form. Pure. */
import type { ImportPart, ImportPreview, ImportRules } from '#shared/importEntities.ts';

type Map = NonNullable<ImportRules['map']>;

export const PART_WORDS: Readonly<Record<ImportPart, string>> = {
  prompt: 'Prompt',
  system: 'System prompt',
  history: 'History',
  context: 'Context',
  replyA: 'Reply A',
  replyB: 'Reply B',
  chosen: 'Chosen reply',
  rejected: 'Rejected reply',
  replies: 'List of replies',
  scores: 'Their scores',
  ranks: 'Their ranks',
  verdict: 'Verdict',
  strength: 'Strength',
  aspect: 'Aspect',
  annotator: 'Annotator',
  id: 'Id',
  source: 'Source',
  metadata: 'Kept as metadata',
};
export const CHOSEN_PARTS = (Object.keys(PART_WORDS) as ImportPart[]).filter((part) => part !== 'metadata');

/** Under which words a preview says where a part was read from. */
const READING_WORDS: Partial<Record<ImportPart, readonly string[]>> = {
  replyA: ['reply A', 'reply'],
  replyB: ['reply B'],
  scores: ['score'],
  verdict: ['verdict', 'label'],
};

/** The fields that a part was read from without being told. */
export function recognised(readings: ImportPreview['readings'], part: ImportPart): string[] {
  const words = READING_WORDS[part] ?? [part];
  return [...new Set(readings.filter((reading) => words.includes(reading.part)).map(({ field }) => field))];
}

export const AUTO = 'auto';
const NONE = 'none';
const FIELD = 'field ';

export const choiceOf = (field: string | undefined): string =>
  field === undefined ? AUTO : field === '' ? NONE : `${FIELD}${field}`;
/** Undefined: as it is recognised; empty: no field. */
export const fieldOf = (choice: string): string | undefined =>
  choice === AUTO ? undefined : choice === NONE ? '' : choice.slice(FIELD.length);

export function choicesOf(fields: readonly string[], found: readonly string[], mapped: string | undefined) {
  const auto =
    mapped === undefined && found.length > 0 ? `${found.join(', ')} (recognised)` : 'As recognised';
  return [
    { value: AUTO, label: auto },
    { value: NONE, label: 'No field' },
    ...fields.map((field) => ({ value: `${FIELD}${field}`, label: field })),
  ];
}

export function mapWith(map: Map, part: ImportPart, field: string | undefined): Map {
  const { [part]: _, ...others } = map;
  return field === undefined ? others : { ...others, [part]: field };
}
