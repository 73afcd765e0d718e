/** Rows that say which reply is preferred by the field it stands in: TRL, HH-RLHF, LLaMA-Factory, Axolotl, ms-swift. */
import { NAMES } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { askAboutJson } from '../read/jsonText.ts';
import { opposedReplies } from '../read/opposites.ts';
import { readPrompt } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { type ImportedItem, isAbsent, isText, UnreadableRow } from '../types.ts';
import { listField } from './rankedReplies.ts';
import { pairItem, type Shape, saidOfChosen } from './Shape.ts';
import { namedReplies, namesItsChoice } from './twoReplies.ts';

function required(row: Row, part: 'chosen' | 'rejected'): Found {
  const found = row.find(part);
  if (found) return found;
  const written = NAMES[part].find((name) => row.value[name] === null);
  if (written !== undefined) throw new UnreadableRow(written, 'is null');
  const fields = Object.keys(row.value).slice(0, 8).join(', ');
  throw new UnreadableRow(part, `is missing; the row has ${fields || 'no fields'}`);
}

/** ms-swift: the conversation ends with the preferred reply, and the other one stands alone. */
function swiftRow(row: Row): Found | null {
  if (row.find('chosen')) return null;
  for (const name of ['response', 'output', 'answer']) {
    const found = row.at(name);
    if (found && !isAbsent(found.value)) return found;
  }
  return null;
}

const listOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);

function readPair(row: Row, chosen: Found, rejected: Found): ImportedItem {
  row.use('chosen', chosen.field);
  row.use('rejected', rejected.field);
  const prompt = readPrompt(row);
  const promptTexts = row.readings.filter(({ part }) => part === 'prompt').map(({ field }) => row.at(field));
  askAboutJson(row, [...promptTexts.filter((found) => found !== null), chosen, rejected]);
  const two = readTwoReplies(row, prompt, chosen, rejected);
  return pairItem(row, two, [chosen.field, rejected.field], saidOfChosen(row));
}

const eachOf = ({ field, value }: Found): Found[] =>
  listOfTexts(value)
    ? value.map((text, index) => ({ field: `${field}[${index}]`, value: text }))
    : [{ field, value }];

/** Several replies on either side: each against each. */
function readLists(row: Row, chosen: Found, rejected: Found): ImportedItem[] {
  row.use('chosen', chosen.field);
  row.use('rejected', rejected.field);
  const prompt = readPrompt(row);
  const verdicts = saidOfChosen(row);
  return eachOf(chosen).flatMap((x) =>
    eachOf(rejected).map((y) =>
      pairItem(row, readTwoReplies(row, prompt, x, y), [x.field, y.field], verdicts),
    ),
  );
}

function fromConversationEnd(row: Row): ImportedItem[] {
  const conversation = row.find('messages');
  const rejected = required(row, 'rejected');
  if (!conversation || !Array.isArray(conversation.value) || conversation.value.length === 0) {
    required(row, 'chosen');
    throw new UnreadableRow('chosen', 'is missing');
  }
  const list = conversation.value as unknown[];
  row.use('chosen', conversation.field);
  row.use('prompt', conversation.field);
  row.use('rejected', rejected.field);
  const last = { field: `${conversation.field}[${list.length - 1}]`, value: list.at(-1) };
  const shorter = row.with({ [conversation.field]: list.slice(0, -1) });
  const prompt = readPrompt(shorter);
  for (const { part, field } of shorter.readings) row.use(part, field);
  const verdicts = saidOfChosen(row);
  return eachOf(rejected).map((other) =>
    pairItem(row, readTwoReplies(shorter, prompt, last, other), [last.field, other.field], verdicts),
  );
}

/** An index, or a yes or no to one reply. */
const isChoice = (found: Found | null): boolean =>
  typeof found?.value === 'number' || typeof found?.value === 'boolean';
/** Replies that a choice may be between, or a lone one that it says yes or no to. */
const holdsReplies = (row: Row): boolean =>
  namedReplies(row).length > 0 ||
  listField(row) !== null ||
  row.has('completion') ||
  row.has('response') ||
  row.has('output');
/** One of the replies in a list beside it. */
const isListed = (row: Row, chosen: Found | null): boolean => {
  const listed = chosen && listField(row);
  return listed !== null && (listed.value as unknown[]).includes(chosen?.value);
};
const hasBoth = (row: Row): boolean => row.find('chosen') !== null && row.find('rejected') !== null;

function readOpposed(row: Row, { chosen, rejected }: { chosen: Found; rejected: Found }): ImportedItem[] {
  const many = ({ value }: Found): boolean => listOfTexts(value) && value.length > 1;
  return many(chosen) || many(rejected)
    ? readLists(row, chosen, rejected)
    : [readPair(row, chosen, rejected)];
}

export const chosenRejected: Shape = {
  name: 'pairs',
  // Beside two named or listed replies, `chosen` alone says which of them it is.
  matches: (row) =>
    row.knows('chosen', 'rejected') &&
    !(isChoice(row.find('rejected')) && holdsReplies(row)) &&
    (row.find('rejected') !== null
      ? !namesItsChoice(row)
      : namedReplies(row).length !== 2 &&
        !isChoice(row.find('chosen')) &&
        !isListed(row, row.find('chosen'))),
  read: (row) => {
    const opposed = hasBoth(row) ? null : opposedReplies(row);
    if (opposed) return readOpposed(row, opposed);
    const chosen = row.find('chosen');
    if (!chosen && row.find('rejected')) {
      const response = row.find('messages') ? null : swiftRow(row);
      if (response) return readOpposed(row, { chosen: response, rejected: required(row, 'rejected') });
      if (row.find('messages')) return fromConversationEnd(row);
    }
    return readOpposed(row, { chosen: required(row, 'chosen'), rejected: required(row, 'rejected') });
  },
};

/** Other words that are opposed, where no shape knows the row otherwise. */
export const opposedWords: Shape = {
  name: 'pairs',
  matches: (row) => opposedReplies(row) !== null,
  read: chosenRejected.read,
};
