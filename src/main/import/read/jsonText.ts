import { shallowJson } from '../json/shallowJson.ts';
import type { Row } from '../Row.ts';
import { isText, UnreadableRow } from '../types.ts';
import { isMessage } from './messages.ts';

export function parsedList(text: string): unknown[] | null {
  if (!/^\s*\[/.test(text)) return null;
  const value = shallowJson(text);
  return Array.isArray(value) && value.length > 0 ? (value as unknown[]) : null;
}

/** A list written as text is read as one where the person said so. */
export function jsonList(row: Row, value: unknown): unknown {
  if (row.rules.jsonTexts !== 'read' || !isText(value)) return value;
  return parsedList(value) ?? value;
}

/** Whether texts are JSON lists can't be told from a reply that is JSON: where all of a row's texts are, it is asked about. */
export function askAboutJson(row: Row, fields: readonly { field: string; value: unknown }[]): void {
  if (row.rules.jsonTexts !== undefined || fields.length === 0) return;
  const lists = fields.map(({ value }) => (isText(value) ? parsedList(value) : null));
  const messages = lists.some((list) => list?.every(isMessage));
  if (
    !lists.every(
      (list) =>
        list !== null && (list.every(isMessage) || list.every((entry) => isText(entry) || entry === null)),
    )
  ) {
    if (!messages) return;
  }
  throw new UnreadableRow(
    fields[lists.findIndex((list) => list !== null)]?.field ?? null,
    'is text that holds a JSON list; say whether to read it (--json-texts read) or to keep it as text (--json-texts keep)',
  );
}
