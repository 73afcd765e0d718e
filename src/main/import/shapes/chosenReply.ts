/** Which of several listed replies a column beside them prefers. Pure. */
import { plainName } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { shown } from '../read/people.ts';
import { saysNothing, statementOf } from '../read/verdictWords.ts';
import { isAbsent, isText, type RowVerdict, UnreadableRow } from '../types.ts';
import type { Comparison, RankedReply } from './rankedReplies.ts';

/** Counted from 0. */
const INDICES = ['chosen_index', 'chosen_idx', 'preferred_index', 'best_index', 'best_idx', 'winner_index'];
const OF_MANY = ['choice', 'winner', 'preferred', 'best', 'best_response', 'chosen', ...INDICES];
const OF_TWO = [...OF_MANY, 'preference', 'verdict'];

function columnOf(row: Row, names: readonly string[]): Found | null {
  const mapped = row.rules.map?.verdict;
  if (mapped === '') return null;
  const found = (mapped ? [mapped] : names).map((name) => row.at(name)).find((known) => known !== null);
  return !found || isAbsent(found.value) || saysNothing(found.value) ? null : found;
}

const isIndex = ({ field }: Found): boolean => INDICES.some((name) => plainName(name) === plainName(field));
/** By its text, by the model that wrote it, or by what its column is called. */
function isNamed({ value }: Pick<Found, 'value'>, { value: text, mark, rest, field }: RankedReply): boolean {
  if (mark !== undefined && value !== null) {
    const name = plainName(String(value));
    if (name === mark || name === plainName(field)) return true;
  }
  return (
    value === text || (isText(value) && (value === rest?.model || value === rest?.id || value === rest?.name))
  );
}

function ofTwo(found: Found, list: string, [x, y]: readonly [RankedReply, RankedReply]): RowVerdict {
  const { field, value } = found;
  if (isNamed(found, x) !== isNamed(found, y)) return isNamed(found, x) ? 'first' : 'second';
  const said = statementOf(value, { marks: ['a', 'b'], fields: [x.field, y.field] });
  if (said) return said.verdict;
  // OpenAI's summaries are counted from 0; elsewhere 1 may be either of the two.
  if (value === 0) return 'first';
  if (value === 2 || (value === 1 && (list === 'summaries' || isIndex(found)))) return 'second';
  throw new UnreadableRow(
    field,
    `is ${shown(value)}: it does not say clearly which of the two replies is preferred; write a, b, tie or both_bad`,
  );
}

/** The best of more than two, against each other one. */
function ofMany(found: Found, replies: readonly RankedReply[]): Comparison[] {
  const { field, value } = found;
  const named = replies.filter((reply) => isNamed(found, reply));
  const counted = isIndex(found) && typeof value === 'number' ? replies[value] : undefined;
  const best = named.length === 1 ? named[0] : counted;
  if (best) return replies.flatMap((reply): Comparison[] => (reply === best ? [] : [[best, reply, 'first']]));
  throw new UnreadableRow(
    field,
    `is ${shown(value)}: it does not say clearly which of the ${replies.length} replies is the best; write its text, its model, or best_index, counted from 0`,
  );
}

/** Null where no column says anything. `list`: the field of the replies. */
export function chosenReply(row: Row, list: string, replies: readonly RankedReply[]): Comparison[] | null {
  const [x, y, third] = replies;
  if (!x || !y) return null;
  const found = columnOf(row, third ? OF_MANY : OF_TWO);
  if (!found || (third && typeof found.value === 'object')) return null;
  const compared: Comparison[] = third ? ofMany(found, replies) : [[x, y, ofTwo(found, list, [x, y])]];
  row.use('verdict', found.field);
  return compared;
}

/** Throws `UnreadableRow` where a column beside scored replies prefers one that has the lower score. */
export function refuseOtherChoice(row: Row, list: string, replies: readonly RankedReply[]): void {
  if (row.rules.map?.verdict !== undefined || row.rules.map?.scores !== undefined) return;
  let choice: Comparison[] | null = null;
  try {
    choice = chosenReply(row, list, replies);
  } catch (error) {
    // What says nothing clear says nothing else.
    if (!(error instanceof UnreadableRow)) throw error;
  }
  for (const [x, y, verdict] of choice ?? []) {
    const [better, worse] = verdict === 'second' ? [y, x] : [x, y];
    const isAgainst =
      verdict === 'tie' || verdict === 'both_bad'
        ? better.score !== worse.score
        : (better.score ?? 0) < (worse.score ?? 0);
    if (better.score === null || worse.score === null || !isAgainst) continue;
    const { field } = row.readings.findLast(({ part }) => part === 'verdict') ?? { field: 'verdict' };
    throw new UnreadableRow(
      field,
      `says something else than the scores; say which holds with --map scores=FIELD, or with --map scores=,verdict=${field}`,
    );
  }
}

const ORDERS = ['ranking', 'rankings', 'rank', 'ranks', 'ranked', 'preference_order'];

/** Groups from best to worst: `["b", "a"]`, `[["b"], ["a", "c"]]`, `"b > a = c"`. */
function groupsIn(value: unknown): unknown[][] | null {
  if (isText(value) && value.includes('>'))
    return value.split('>').map((group) => group.split('=').map((name) => name.trim()));
  if (!Array.isArray(value) || value.every((entry) => typeof entry === 'number')) return null;
  return value.map((entry: unknown) => (Array.isArray(entry) ? entry : [entry]));
}

/**
 * Places of replies from 0, the best, where a column lists them by name: by text, model, id or column. Null where none does. Throws
 * `UnreadableRow` where such a list names other things, or not each reply once.
 */
export function placesByName(row: Row, replies: readonly RankedReply[]): number[] | null {
  const mapped = row.rules.map?.ranks;
  if (mapped === '') return null;
  for (const name of mapped ? [mapped] : ORDERS) {
    const found = row.at(name);
    const groups = found && groupsIn(found.value);
    if (!found || !groups || groups.length < 2) continue;
    const places = replies.map((reply) => {
      const named = groups.flatMap((group, place) =>
        group.filter((value) => isNamed({ value }, reply)).map(() => place),
      );
      return named.length === 1 ? named[0] : undefined;
    });
    const isWhole = places.every((place) => place !== undefined) && groups.flat().length === replies.length;
    if (!isWhole)
      throw new UnreadableRow(
        found.field,
        `does not name each of the ${replies.length} replies once; write their texts, models or columns from best to worst, or leave it out with --map ranks=`,
      );
    row.use('rank', found.field);
    row.keep(found.field);
    return places as number[];
  }
  return null;
}
