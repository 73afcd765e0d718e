/** What Facet puts into the metadata of Argilla's records: source, aspect, and messages that hold more than role and text. */
import type { TurnsOfTwo } from '#core/replyTurns.ts';
import { shallowJson } from '../json/shallowJson.ts';
import type { Row } from '../Row.ts';
import { readMessages } from '../read/messages.ts';
import { replyOf } from '../read/replies.ts';
import { type ImportedItem, isObject, isText, type JsonObject } from '../types.ts';

const listIn = (text: unknown): unknown[] | null => {
  if (!isText(text)) return null;
  const list = shallowJson(text);
  return Array.isArray(list) ? (list as unknown[]) : null;
};

/** The record with its source and aspect where a row has them. */
export function withNames(row: Row): Row {
  const beside = row.at('metadata')?.value;
  if (!isObject(beside)) return row;
  const names = ['source', 'aspect'].filter((name) => isText(beside[name]) && !row.has(name));
  return names.length === 0 ? row : row.with(Object.fromEntries(names.map((name) => [name, beside[name]])));
}

/** Messages and replies as they were, where the texts of the record are those of these. */
export function wholeAgain(row: Row, item: ImportedItem): ImportedItem {
  const beside = row.at('metadata')?.value;
  if (item.kind !== 'pair' || !isObject(beside)) return item;
  const [messages, replies] = [listIn(beside.messages), listIn(beside.replies)];
  if (!messages && !replies) return item;
  const asked = messages ? readMessages(messages, 'metadata.messages') : item.messages;
  const [first, second] = (replies ?? []).map((turns) => replyOf(readMessages(turns, 'metadata.replies')));
  if (asked.length !== item.messages.length) return item;
  if (replies && (first?.text !== item.replies[0] || second?.text !== item.replies[1])) return item;
  const turns: TurnsOfTwo = [first?.turns ?? null, second?.turns ?? null];
  const { messages: _, replies: __, ...rest } = beside;
  return {
    ...item,
    messages: asked,
    ...(turns.some(Boolean) && { turns }),
    metadata: without(item.metadata, rest),
  };
}

function without(metadata: JsonObject | null, rest: JsonObject): JsonObject | null {
  if (!metadata) return null;
  const { metadata: _, ...others } = metadata;
  const kept = Object.keys(rest).length > 0 ? { ...others, metadata: rest } : others;
  return Object.keys(kept).length > 0 ? kept : null;
}
