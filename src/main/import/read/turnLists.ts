/** Dialogues whose questions and answers stand in lists of texts, one entry a turn, as the Arena's table of 55,000 has them. Pure. */
import type { Found, Row } from '../Row.ts';
import { isText } from '../types.ts';
import { parsedList } from './jsonText.ts';

const isTurns = (list: readonly unknown[] | null): list is readonly (string | null)[] =>
  list !== null && list.length > 0 && list.every((turn) => isText(turn) || turn === null);

function turnsIn(value: unknown, isParsed: boolean): readonly (string | null)[] | null {
  const list =
    isText(value) && isParsed ? parsedList(value) : Array.isArray(value) ? (value as unknown[]) : null;
  return isTurns(list) ? list : null;
}

/** Both dialogues as messages; null where the fields are not lists of as many turns. An answer that is null was empty. */
export function dialoguesOfLists(
  row: Row,
  question: Found | null,
  [a, b]: readonly [Found, Found],
): readonly [Found, Found] | null {
  const isParsed =
    row.rules.jsonTexts === 'read' || (row.rules.jsonTexts === undefined && row.has('winner_model_a'));
  const asked = question && turnsIn(question.value, isParsed);
  if (!asked?.every(isText)) return null;
  const dialogue = ({ field, value }: Found): Found | null => {
    const answers = turnsIn(value, isParsed);
    if (answers?.length !== asked.length) return null;
    const turns = asked.flatMap((content, index) => [
      { role: 'user', content },
      { role: 'assistant', content: answers[index] ?? '' },
    ]);
    return { field, value: turns };
  };
  const [x, y] = [dialogue(a), dialogue(b)];
  return x && y ? [x, y] : null;
}

/** MT-bench judges a conversation after its first or its second turn: what comes later was not judged. */
export function upToTurn(row: Row, found: Found): Found {
  const turn = row.at('turn')?.value;
  if (!Array.isArray(found.value) || typeof turn !== 'number' || !row.has('judge')) return found;
  const messages = found.value as { role?: unknown }[];
  const next = messages.flatMap((message, index) => (message?.role === 'user' ? [index] : []))[turn];
  if (turn < 1 || next === undefined) return found;
  row.keep(found.field);
  return { ...found, value: messages.slice(0, next) };
}
