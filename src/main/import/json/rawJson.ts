/** Numbers that JavaScript would round, kept as they are written: ECMAScript's raw JSON, which TypeScript does not know yet. */
interface RawJson {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
const { rawJSON, isRawJSON } = JSON as unknown as RawJson;

export const rawNumber = (text: string): object => rawJSON(text);
export const isRawNumber = (value: unknown): boolean => isRawJSON(value);

const LONG_NUMBER = /[:[,\s]-?\d{16,}|\d\.\d{16,}|[eE][+-]?\d{3}/;

function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const { source } = context;
  const isExact = /^-?\d+$/.test(source)
    ? Number.isSafeInteger(value)
    : Number(source) === value && Number.isFinite(value);
  return isExact ? value : rawNumber(source);
}

/** Whether a text may hold a number that JavaScript would round. */
export const hasLongNumber = (text: string): boolean => LONG_NUMBER.test(text);

/** JSON whose numbers stay as they are written. */
export const parseExact = (text: string): unknown =>
  hasLongNumber(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
