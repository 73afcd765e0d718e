import { isObject } from './types.ts';

/** Field names of a row, those of an object as `object.field` too. */
export function fieldsOfRow(value: unknown): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => [
    field,
    ...(isObject(inner) ? Object.keys(inner).map((name) => `${field}.${name}`) : []),
  ]);
}

/** Files whose rows have the same fields, in whatever order, are of one shape. */
export const shapeKey = (fields: readonly string[]): string =>
  JSON.stringify(fields.filter((field) => !field.includes('.')).toSorted());
