/** Replies told by opposed words: `good` and `bad`, `win_answer` and `lose_answer`, `response_better` and `response_worse`. Pure. */
import { plainName } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { isObject, isText } from '../types.ts';
import { isMessage } from './messages.ts';

const GOOD =
  'chosen preferred accepted accept selected better best good winning winner win positive pos yw correct';
const BAD =
  'rejected reject dispreferred nonpreferred unpreferred unchosen notchosen notpreferred unselected worse worst bad losing loser lose negative neg yl incorrect wrong';
const STEMS =
  'response|reply|answer|output|completion|text|message|generation|candidate|sample|summary|continuation';
const pattern = (words: string): RegExp => {
  const any = words.replaceAll(' ', '|');
  return new RegExp(`^(?:(?:${any})(?:edited)?(${STEMS})?s?|(${STEMS})(?:${any}))$`);
};
const [good, bad] = [pattern(GOOD), pattern(BAD)];

function stemOf(field: string, words: RegExp): string | null {
  const found = words.exec(plainName(field));
  return found ? (found[1] ?? found[2] ?? '') : null;
}

const isReply = (value: unknown): boolean =>
  isText(value) ||
  (isObject(value) && isMessage(value)) ||
  (Array.isArray(value) && value.length > 0 && value.every((entry) => isText(entry) || isMessage(entry)));

/** The one field of each kind, on one kind of text; null where there is none, or more than one. */
export function opposedReplies(row: Row): { chosen: Found; rejected: Found } | null {
  const fieldsOf = (words: RegExp): (Found & { stem: string })[] =>
    Object.keys(row.value).flatMap((field) => {
      const stem = stemOf(field, words);
      const found = stem === null ? null : row.at(field);
      return stem !== null && found && isReply(found.value) ? [{ ...found, stem }] : [];
    });
  const losers = fieldsOf(bad);
  if (losers.length === 0) return null;
  const both = fieldsOf(good).flatMap((chosen) =>
    losers.filter(({ stem }) => stem === chosen.stem).map((rejected) => ({ chosen, rejected })),
  );
  return both.length === 1 ? (both[0] ?? null) : null;
}
