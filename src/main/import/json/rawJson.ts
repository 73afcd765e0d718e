/** Numbers that JavaScript would round, kept as they are written: ECMAScript's raw JSON, which TypeScript does not know yet. */
interface RawJson {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
const { rawJSON, isRawJSON } = JSON as unknown as RawJson;

export const rawNumber = (text: string): object => rawJSON(text);
export const isRawNumber = (value: unknown): boolean => isRawJSON(value);
