/** One cut value as data; what JSON lets through and people lose data by is refused in its own words. Pure. */

import type { RowProblem } from '../types.ts';
import { hasLongNumber, isRawNumber, parseExact } from './rawJson.ts';
import { type CutValue, DEEPEST, WRAPPERS } from './ValueSplitter.ts';

export type ParsedRow =
  | { readonly row: number; readonly value: unknown }
  | { readonly row: number; readonly problem: RowProblem };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function wrongByte(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  // Up to the first replacement that was not written as one, the text is as long as its bytes.
  let at = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (character === '\uFFFD' && !(bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd))
      break;
    at += size;
  }
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `is not UTF-8: byte 0x${byte} is at position ${at + 1} of the row; save the file as UTF-8`;
}

function whyNotJson(text: string, error: unknown): RowProblem {
  const trimmed = text.trim();
  const notNumber = /"((?:[^"\\]|\\.)*)"\s*:\s*(-?(?:NaN|Infinity))\b/.exec(text);
  if (notNumber)
    return {
      field: notNumber[1] as string,
      reason: `is ${notNumber[2]}, which JSON cannot express; write null or a number`,
    };
  if (/^\{\s*'/.test(trimmed))
    return {
      field: null,
      reason: 'is written as Python prints it, in single quotes; write it with json.dumps',
    };
  if (/^(\/\/|#)/.test(trimmed))
    return { field: null, reason: 'is a comment, and JSON has none; remove the line' };
  if (hasRawBreak(text)) return { field: null, reason: 'has a line break inside a text; write it as \\n' };
  const message = error instanceof Error ? error.message : String(error);
  return { field: null, reason: `is not JSON: ${message.slice(0, 160)}` };
}

/** Goes from quote to quote: linear, whatever the text. */
function hasRawBreak(text: string): boolean {
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 34) inString = !inString;
    else if (inString && code === 92) index += 1;
    else if (inString && (code === 10 || code === 13)) return true;
  }
  return false;
}

/** Keys as they stand in the text, against those that were kept. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  for (const key in value) count += 1 + countKeys((value as Record<string, unknown>)[key]);
  return count;
}
function countColons(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 58) count += 1;
    else if (code === 34) {
      index = text.indexOf('"', index + 1);
      while (isEscaped(text, index)) index = text.indexOf('"', index + 1);
    }
  }
  return count;
}
function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes += 1;
  return slashes % 2 === 1;
}

/** The first key that an object of this text has twice. */
function twiceKey(text: string): string {
  const open: (Set<string> | null)[] = [];
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    const [word, colon] = token;
    if (word === '{') open.push(new Set());
    else if (word === '[') open.push(null);
    else if (word === '}' || word === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(word.slice(0, word.length - colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return '';
}

/** The path of a text with half a character in it, or null. */
function halfCharacter(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return path === '' ? 'a field name' : path;
    const step = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const found = halfCharacter(item, step);
    if (found !== null) return found;
  }
  return null;
}

const BROKEN = {
  cut: 'is cut off: the file goes on, or ends, in the middle of it',
  long: 'is longer than 64 MiB',
  deep: 'is nested more than 200 levels deep',
} as const;

const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;

/** Whether nothing of what `parseRow` looks for can be wrong with a value: numbers as they stand, keys once, not deep. */
function isPlain(text: string, value: object): boolean {
  let keys = 0;
  let hasNumber = false;
  const look = (inner: object, depth: number): boolean => {
    if (depth > DEEPEST) return false;
    const isList = Array.isArray(inner);
    for (const key in inner) {
      if (!isList) keys += 1;
      const item = (inner as Record<string, unknown>)[key];
      if (typeof item === 'number') hasNumber = true;
      else if (typeof item === 'object' && item !== null && !look(item, depth + 1)) return false;
    }
    return true;
  };
  if (!look(value, 1) || countColons(text) !== keys) return false;
  if (hasNumber && hasLongNumber(text)) return false;
  return !HALF_CHARACTER.test(text) && !text.includes('\uFFFD');
}

/** Whether an object holds the rows instead of being one. */
const isWrapper = (value: object): boolean =>
  Object.entries(value).some(
    ([key, list]) =>
      WRAPPERS.has(key) && Array.isArray(list) && typeof list[0] === 'object' && list[0] !== null,
  );

/** The object that a line plainly is; null where it takes a closer look. */
export function plainLine(text: string): object | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // `parseRow` says why.
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return isPlain(text, value) && !isWrapper(value) ? value : null;
}

export function parseRow({ row, bytes, broken }: CutValue): ParsedRow {
  const refused = (field: string | null, reason: string): ParsedRow => ({ row, problem: { field, reason } });
  if (broken === 'long' || broken === 'deep') return refused(null, BROKEN[broken]);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return refused(null, wrongByte(bytes));
  }
  if (broken === 'cut') return refused(null, hasRawBreak(text) ? whyNotJson(text, '').reason : BROKEN.cut);
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (error) {
    return { row, problem: whyNotJson(text, error) };
  }
  if (typeof value === 'object' && value !== null && countColons(text) !== countKeys(value)) {
    const key = twiceKey(text);
    return refused(key, 'stands twice in the row; keep one of them');
  }
  if (HALF_CHARACTER.test(text)) {
    const field = halfCharacter(value, '');
    if (field !== null)
      return refused(field, 'holds half a character (a lone surrogate), which no text file can keep');
  }
  return { row, value };
}
