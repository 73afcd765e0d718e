/** Replies as they are put in order: places from the best down, those of one place tie. Pure. */
import type { Ranks } from '#core/ranking.ts';

/** Ids of replies by place; no place is empty. */
export type Order = readonly (readonly number[])[];

export const placeOf = (order: Order, id: number): number | null => {
  const place = order.findIndex((ids) => ids.includes(id));
  return place === -1 ? null : place;
};

export const without = (order: Order, id: number): Order =>
  order.map((ids) => ids.filter((other) => other !== id)).filter((ids) => ids.length > 0);

export const notPlaced = (order: Order, ids: readonly number[]): number[] =>
  ids.filter((id) => placeOf(order, id) === null);

/** Of replies that are all but one placed the last has its place. */
const withLast = (order: Order, ids: readonly number[]): Order => {
  const [last, ...more] = notPlaced(order, ids);
  return last === undefined || more.length > 0 || order.length === 0 ? order : [...order, [last]];
};

/** The next best, or a tie with the one before; one that has a place loses it. */
export function put(order: Order, id: number, ids: readonly number[], tie: boolean): Order {
  if (placeOf(order, id) !== null) return without(order, id);
  const last = order.at(-1);
  const put = tie && last !== undefined ? [...order.slice(0, -1), [...last, id]] : [...order, [id]];
  return withLast(put, ids);
}

/** A place of its own before the one at `place`, or after all. */
export function putAt(order: Order, id: number, place: number, ids: readonly number[]): Order {
  const isAlone = order[placeOf(order, id) ?? -1]?.length === 1;
  const shift = isAlone && (placeOf(order, id) ?? 0) < place ? 1 : 0;
  const rest = without(order, id);
  return withLast([...rest.slice(0, place - shift), [id], ...rest.slice(place - shift)], ids);
}

/** A tie with those that have a place with `other`. */
export function putWith(order: Order, id: number, other: number, ids: readonly number[]): Order {
  if (id === other) return order;
  const rest = without(order, id);
  const place = placeOf(rest, other);
  return withLast(
    rest.map((group, index) => (index === place ? [...group, id] : group)),
    ids,
  );
}

/** Out of a tie first, then past the place above or below; one that has none comes last. */
export function move(order: Order, id: number, by: -1 | 1, ids: readonly number[]): Order {
  const place = placeOf(order, id);
  if (place === null) return put(order, id, ids, false);
  const isTied = (order[place]?.length ?? 0) > 1;
  if (isTied) return putAt(order, id, by === -1 ? place : place + 1, ids);
  const to = place + by;
  if (to < 0 || to >= order.length) return order;
  return putAt(order, id, by === -1 ? to : to + 1, ids);
}

/** Joins the place above; one that ties leaves its tie, for a place of its own below. */
export function even(order: Order, id: number, ids: readonly number[]): Order {
  const place = placeOf(order, id);
  if (place === null) return order;
  if ((order[place]?.length ?? 0) > 1) return putAt(order, id, place + 1, ids);
  const above = order[place - 1]?.[0];
  return above === undefined ? order : putWith(order, id, above, ids);
}

export const takeLast = (order: Order): Order => {
  const last = order.at(-1)?.at(-1);
  return last === undefined ? order : without(order, last);
};

export const ranksOf = (order: Order): Ranks =>
  Object.fromEntries(order.flatMap((ids, place) => ids.map((id) => [String(id), place + 1])));

export function orderOf(ranks: Ranks | null): Order {
  if (ranks === null) return [];
  const places = Map.groupBy(Object.keys(ranks), (id) => ranks[id] as number);
  return [...places].sort(([one], [other]) => one - other).map(([, ids]) => ids.map(Number));
}

const ORDINALS = ['1st', '2nd', '3rd'];
export const ordinal = (place: number): string => ORDINALS[place] ?? `${place + 1}th`;

/** `1st: reply 2. 2nd: replies 1 and 3.`, by the numbers on screen. */
export function orderWords(order: Order, ids: readonly number[]): string {
  const numbers = (some: readonly number[]): string => {
    const shown = some.map((id) => ids.indexOf(id) + 1);
    return shown.length === 1
      ? `reply ${shown[0]}`
      : `replies ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
  };
  const placed = order.map((some, place) => `${ordinal(place)}: ${numbers(some)}.`);
  const open = notPlaced(order, ids);
  return [...placed, ...(open.length > 0 && placed.length > 0 ? [`Not placed: ${numbers(open)}.`] : [])].join(
    ' ',
  );
}
