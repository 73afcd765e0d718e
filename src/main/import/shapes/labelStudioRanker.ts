/** Label Studio's Ranker: a list of items that people put in order, as tasks (JSON) or one row an annotation (JSON_MIN). */
import type { Row } from '../Row.ts';
import { annotatorOf } from '../read/people.ts';
import { readPromptOrText } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import {
  type ImportedItem,
  type ImportedVerdict,
  idText,
  isObject,
  isText,
  type JsonObject,
} from '../types.ts';
import { dataOf, personOf } from './labelStudio.ts';
import { pairItem, type Shape } from './Shape.ts';
import type { NamedReply } from './twoReplies.ts';

/** A list of `{id, body}`, which Label Studio's Ranker puts in order. */
function itemsOf(data: Row): NamedReply[] {
  for (const [field, value] of Object.entries(data.value)) {
    if (!Array.isArray(value) || value.length < 2) continue;
    const items = value.flatMap((item: unknown, index): NamedReply[] => {
      if (!isObject(item)) return [];
      const [mark, text] = [idText(item.id), item.body ?? item.html ?? item.text ?? item.title];
      return mark !== null && isText(text) ? [{ field: `${field}[${index}]`, value: text, mark }] : [];
    });
    if (items.length === value.length) return items;
  }
  return [];
}

/**
 * Ids of items from best to worst: the one list of a ranker, or its bucket of that name. Beside buckets `_` holds what
 * nobody has moved, and how buckets of other names stand to one another is not said.
 */
function orderIn(value: unknown, items: readonly NamedReply[]): string[] | null {
  if (!isObject(value)) return null;
  const ranker = isObject(value.ranker) ? value.ranker : value;
  const lists = Object.values(ranker);
  const list = lists.length === 1 ? lists[0] : (ranker.rank ?? ranker.ranked ?? ranker.ranking);
  const ids = Array.isArray(list) ? (list as unknown[]).map(idText) : [];
  return ids.length >= 2 && ids.every((id) => items.some(({ mark }) => mark === id))
    ? (ids as string[])
    : null;
}

function rankedPairs(
  row: Row,
  data: Row,
  items: readonly NamedReply[],
  orders: readonly { readonly annotator: string | null; readonly order: readonly string[] }[],
): ImportedItem[] {
  for (const { field } of items) {
    const list = field.replace(/\[\d+\]$/, '');
    data.use('reply', list);
    // Titles and what else an item has are no part of a reply.
    if ((data.value[list] as JsonObject[]).some((item) => Object.keys(item).length > 2)) data.keep(list);
  }
  const prompt = readPromptOrText(data);
  return items.flatMap((x, index) =>
    items.slice(index + 1).map((y) => {
      const verdicts = orders.flatMap(({ annotator, order }): ImportedVerdict[] => {
        const [first, second] = [order.indexOf(x.mark), order.indexOf(y.mark)];
        if (first < 0 || second < 0) return [];
        return [{ annotator, verdict: first < second ? 'first' : 'second' }];
      });
      return pairItem(row, readTwoReplies(data, prompt, x, y), [x.field, y.field], verdicts);
    }),
  );
}

export const labelStudioRanker: Shape = {
  name: 'label-studio-ranker',
  matches: (row) =>
    row.at('data')
      ? isObject(row.at('data')?.value) && itemsOf(dataOf(row)).length >= 2 && row.has('annotations')
      : row.has('annotation_id') && itemsOf(row).length >= 2,
  read: (row) => {
    const isTask = isObject(row.at('data')?.value);
    const data = isTask ? dataOf(row) : row;
    const items = itemsOf(data);
    if (!isTask) {
      const found = Object.entries(row.value).flatMap(([field, value]) => {
        const order = orderIn(value, items);
        return order ? [{ field, order }] : [];
      })[0];
      if (found) row.use('verdict', found.field);
      const orders = found ? [{ annotator: annotatorOf(row), order: found.order }] : [];
      return rankedPairs(row, row, items, orders);
    }
    row.use('prompt', 'data');
    row.use('replies', 'data');
    row.keep('annotations');
    const annotations = row.at('annotations')?.value;
    const orders = (Array.isArray(annotations) ? (annotations as unknown[]) : [])
      .filter(isObject)
      .filter((annotation) => annotation.was_cancelled !== true)
      .flatMap((annotation) => {
        const results = Array.isArray(annotation.result) ? (annotation.result as unknown[]) : [];
        const order = results
          .map((result) => (isObject(result) ? orderIn(result.value, items) : null))
          .find((ids) => ids !== null);
        return order ? [{ annotator: personOf(annotation), order }] : [];
      });
    if (orders.length > 0) row.use('verdict', 'annotations');
    const pairs = rankedPairs(row, data, items, orders);
    if (data.rest()) row.keep('data');
    return pairs.map((pair) => ({ ...pair, metadata: row.rest() }));
  },
};
