/** Conditions in words, each with what takes it away. Pure. */

import { languageName } from '#core/languageName.ts';
import type { Conditions, FilterChoices } from '#shared/library.ts';

export interface ConditionWords {
  readonly words: string;
  readonly without: Partial<Conditions>;
}
interface Range {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export const SHOWN = { excluded: 'Excluded', deleted: 'Deleted', first: 'Sent to the queue' } as const;
export const VERDICT_NAMES = {
  a: 'Reply A',
  b: 'Reply B',
  tie: 'Tie',
  both_bad: 'Both bad',
  skip: 'Skipped',
  none: 'No label',
} as const;
export const DISAGREEMENTS = { people: 'People disagree', file: 'Against the file' } as const;
export const FLAGGED = 'Flagged';
export const LENGTH_NAMES = {
  prompt: 'Prompt',
  a: 'Reply A',
  b: 'Reply B',
  longer: 'Longer reply',
  shorter: 'Shorter reply',
  difference: 'Difference of the replies',
} as const;

/** By `kind which`. */
export const DUPLICATE_NAMES = {
  'pairs any': 'Near-duplicate pairs',
  'pairs others': 'Near-duplicate pairs but the first of each group',
  'prompts any': 'Near-duplicate prompts',
  'prompts others': 'Near-duplicate prompts but the first of each group',
  'replies any': 'Near-duplicate replies',
  'replies others': 'Near-duplicate replies but the first of each group',
} as const;
type Duplicates = NonNullable<Conditions['duplicates']>;
const duplicateWords = ({ kind, which, group }: Duplicates): string =>
  `${DUPLICATE_NAMES[`${kind} ${which}`]}${group === undefined ? '' : `, group ${group + 1}`}`;

function rangeWords({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}
const hasRange = ({ min, max }: Range): boolean => min !== undefined || max !== undefined;
const withoutAt = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);

/** Whether words for the conditions name people. */
export const namesPeople = ({ annotators, seen }: Conditions): boolean =>
  annotators !== undefined || seen !== undefined;

export function conditionWords(where: Conditions, people: FilterChoices['people']): ConditionWords[] {
  const {
    shown,
    tags = [],
    verdicts = [],
    annotators = [],
    seen,
    disagreement,
    flagged,
    languages = [],
    codes = [],
    margin,
  } = where;
  const { lengths = [], metadata = [], duplicates } = where;
  const namesOf = (ids: readonly number[]): string =>
    ids.map((id) => people.find((person) => person.id === id)?.name ?? `person ${id}`).join(' or ');
  const list = (words: string, without: Partial<Conditions>): ConditionWords => ({ words, without });
  return [
    ...(shown ? [list(SHOWN[shown], { shown: undefined })] : []),
    ...tags.map((tag, at) => list(`Tag “${tag}”`, { tags: withoutAt(tags, at) })),
    ...(verdicts.length > 0
      ? [list(verdicts.map((verdict) => VERDICT_NAMES[verdict]).join(' or '), { verdicts: [] })]
      : []),
    ...(annotators.length > 0 ? [list(`Decided by ${namesOf(annotators)}`, { annotators: [] })] : []),
    ...(seen
      ? [list(`Seen by ${namesOf(seen.by)}${seen.unsaid ? ', nothing said' : ''}`, { seen: undefined })]
      : []),
    ...(disagreement ? [list(DISAGREEMENTS[disagreement], { disagreement: undefined })] : []),
    ...(flagged ? [list(FLAGGED, { flagged: undefined })] : []),
    ...lengths.map((length, at) =>
      list(`${LENGTH_NAMES[length.of]} ${rangeWords(length)} characters`, {
        lengths: withoutAt(lengths, at),
      }),
    ),
    ...(languages.length > 0 ? [list(languages.map(languageName).join(' or '), { languages: [] })] : []),
    ...(codes.length > 0 ? [list(`Code ${codes.join(' or ')}`, { codes: [] })] : []),
    ...(margin && hasRange(margin) ? [list(`Margin ${rangeWords(margin)}`, { margin: undefined })] : []),
    ...(duplicates ? [list(duplicateWords(duplicates), { duplicates: undefined })] : []),
    ...metadata.map((condition, at) => {
      const { field, is, has } = condition;
      const what =
        is !== undefined ? `is “${is}”` : has !== undefined ? `holds “${has}”` : rangeWords(condition);
      return list(`${field} ${what}`, { metadata: withoutAt(metadata, at) });
    }),
  ];
}
