import { rawNumber } from '../json/rawJson.ts';
/** Values of Parquet and Arrow as JSON has them. */
export function plainValue(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint')
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
      ? Number(value)
      : rawNumber(value.toString());
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) {
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
    return [...(value as unknown as Iterable<unknown>)].map(plainValue);
  }
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
}
