/** What columns say of one reply of two, by its name: yes or no, or which of them lost. Pure. */
import { plainName } from '../fields.ts';
import type { Row } from '../Row.ts';
import { isText, type RowVerdict, UnreadableRow } from '../types.ts';
import { type Marks, plainWord, statementOf } from './verdictWords.ts';

/** A column and what it says. */
export interface Said {
  readonly field: string;
  readonly verdict: RowVerdict;
  /** A no of one reply alone, which may be a tie as well; or of both, which says neither tie nor both bad. */
  readonly no?: 'of one' | 'of both';
  /** All columns that say it. */
  readonly fields?: readonly string[];
  /** Read from scores or ranks. */
  readonly isFigure?: boolean;
}

export const isTrue = (value: unknown): boolean =>
  value === true ||
  value === 1 ||
  (isText(value) && ['true', '1', '1.0', 'yes'].includes(value.toLowerCase()));
export const isFalse = (value: unknown): boolean =>
  value === false ||
  value === 0 ||
  value === -1 ||
  (isText(value) && ['false', '0', '0.0', '-1', '-1.0', 'no'].includes(value.toLowerCase()));

const SIDES = ['first', 'second'] as const;
const other = (verdict: RowVerdict): RowVerdict =>
  verdict === 'first' ? 'second' : verdict === 'second' ? 'first' : verdict;

const DRAWS: ReadonlyMap<string, RowVerdict> = new Map<string, RowVerdict>([
  ...'winnertie tie istie isdraw draw bothgood isbothgood nopreference'
    .split(' ')
    .map((name) => [name, 'tie'] as const),
  ...'winnertiebothbad bothbad isbothbad'.split(' ').map((name) => [name, 'both_bad'] as const),
]);
const BETTER =
  'better|best|preferred|prefers?|win|wins|won|winner|chosen|chose|choose|selected|picked|picks?|favou?red|accepted';
const WORSE = 'worse|worst|lose|loses|lost|loser|rejected|dispreferred';
const NOUNS = 'model response answer output completion assistant option reply text'.split(' ');

interface SideWords {
  readonly better: RegExp;
  readonly worse: RegExp;
}

/** Names of columns that say whether this reply is the better one: `a_is_better`, `is_response_a_better`, `winner_model_a`, `a_beats_b`. */
function wordsOf({ marks, fields }: Marks, side: 0 | 1): SideWords {
  const named = (place: 0 | 1): string => {
    const [mark, field] = [marks[place], plainName(fields[place])];
    const order = place === 0 ? ['first', 'left'] : ['second', 'right'];
    const names = new Set([field, mark, ...order, ...NOUNS.map((noun) => noun + mark)]);
    return [...names].map((name) => name.replaceAll(/[^a-z0-9]/g, '\\$&')).join('|');
  };
  const [it, than] = [named(side), named(side === 0 ? 1 : 0)];
  const pattern = (said: string): RegExp =>
    new RegExp(`^(?:(?:is|was)?(?:${it})(?:is|was)?(?:${said})|(?:is|was)?(?:${said})(?:is)?(?:${it}))$`);
  const beats = `(?:${it})(?:isbetterthan|betterthan|isbetter|beats|over|preferredover|preferredto|gt)(?:${than})`;
  return { better: new RegExp(`${pattern(BETTER).source}|^(?:is)?${beats}$`), worse: pattern(WORSE) };
}

const known = new Map<string, readonly [SideWords, SideWords]>();
const MOST_KNOWN = 200;
function sideWords(given: Marks): readonly [SideWords, SideWords] {
  const key = [...given.marks, ...given.fields].join('\n');
  const before = known.get(key);
  if (before) return before;
  const words = [wordsOf(given, 0), wordsOf(given, 1)] as const;
  if (known.size < MOST_KNOWN) known.set(key, words);
  return words;
}

/** Columns of one reply, and of a draw, whose value is a yes or a no. */
function flagsOf(row: Row, marks: Marks): (Said & { readonly isYes: boolean })[] {
  const mapped = row.rules.map?.verdict;
  const words = sideWords(marks);
  return Object.keys(row.value).flatMap((field) => {
    const value = row.value[field];
    const isYes = isTrue(value);
    if ((!isYes && !isFalse(value)) || (mapped !== undefined && mapped !== field)) return [];
    const name = plainName(field);
    const draw = DRAWS.get(name);
    if (draw) return [{ field, verdict: draw, isYes }];
    return SIDES.flatMap((verdict, side) => {
      if (words[side]?.better.test(name)) return [{ field, verdict, isYes }];
      return words[side]?.worse.test(name) ? [{ field, verdict: other(verdict), isYes }] : [];
    });
  });
}

const isSide = (verdict: RowVerdict): boolean => verdict === 'first' || verdict === 'second';

/**
 * What flags of single replies say together: the one that is true; of a lone no, the other reply. Null where no flag says
 * anything. Throws `UnreadableRow` where they contradict one another.
 */
export function saidByFlags(row: Row, marks: Marks): Said | null {
  const flags = flagsOf(row, marks);
  if (flags.length === 0) return null;
  const [yes, ...more] = flags.filter(({ isYes }) => isYes);
  const no = flags.filter(({ isYes, verdict }) => !isYes && isSide(verdict));
  const against =
    more.find(({ verdict }) => verdict !== yes?.verdict) ??
    no.find(({ verdict }) => verdict === yes?.verdict);
  if (yes && against) throw new UnreadableRow(against.field, `contradicts ${yes.field}`);
  const fields = flags.map(({ field }) => field);
  if (yes) return { field: yes.field, verdict: yes.verdict, fields };
  const [lone] = no;
  if (!lone) return null;
  if (no.every(({ verdict }) => verdict === lone.verdict))
    return { field: lone.field, verdict: other(lone.verdict), no: 'of one', fields };
  // With a column for draws, a row of noes is one that nobody judged.
  return flags.length > no.length ? null : { field: lone.field, verdict: 'tie', no: 'of both', fields };
}

const LOSERS =
  'loser loser_id loser_model losing_response losing_model losing_answer worse worse_response worse_response_id worse_answer worse_output worst rejected rejected_id rejected_response rejected_response_id rejected_model dispreferred dispreferred_response non_preferred not_preferred least_preferred unpreferred'.split(
    ' ',
  );

/** `winner: "gpt-4"` beside `model_a: "gpt-4"`; or the winning text itself. */
export function sideNamed(row: Row, value: unknown, { marks, fields }: Marks): 'first' | 'second' | null {
  if (!isText(value) || value === '') return null;
  const isNamed = [0, 1].map((side) => {
    const [mark, field] = [marks[side] as string, fields[side] as string];
    const names = [
      `model_${mark}`,
      `model${mark}`,
      `generator_${mark}`,
      `${field}_model`,
      `${field}_source`,
      `${field}_id`,
      field,
    ];
    const lists = ['models', 'model_names', 'generators'].map((name) => row.at(name)?.value);
    return (
      names.some((name) => row.at(name)?.value === value) ||
      lists.some((list) => Array.isArray(list) && list.length === 2 && list[side] === value)
    );
  });
  if (isNamed[0] === isNamed[1]) return null;
  return isNamed[0] ? 'first' : 'second';
}

/** What a column says that names the reply which lost: of `both`, that they are bad; of `neither`, a tie. */
function saidOfLoser(row: Row, value: unknown, marks: Marks): RowVerdict | null {
  const word = isText(value) ? plainWord(value) : null;
  if (word === 'both') return 'both_bad';
  if (word === 'neither' || word === 'none') return 'tie';
  const verdict = statementOf(value, marks)?.verdict ?? sideNamed(row, value, marks);
  return verdict === null ? null : other(verdict);
}

/** The first column that names the reply which lost. */
export function saidByLoser(row: Row, marks: Marks): Said | null {
  const mapped = row.rules.map?.verdict;
  const isMapped = (name: string): boolean => mapped === undefined || plainName(name) === plainName(mapped);
  for (const name of LOSERS.filter(isMapped)) {
    const found = row.at(name);
    if (!found || marks.fields.includes(found.field)) continue;
    const verdict = saidOfLoser(row, found.value, marks);
    if (verdict) return { field: found.field, verdict };
  }
  return null;
}
