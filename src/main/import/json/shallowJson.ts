/** JSON within a text: a few megabytes of opening brackets take hundreds of megabytes to parse, and may end the process that does. */
import { DEEPEST } from './ValueSplitter.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Brackets within one another, those in strings left out. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== QUOTE; at += 1)
        if (text.charCodeAt(at) === BACKSLASH) at += 1;
      // `[` and `{`, `]` and `}`.
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** The value that a text is; undefined where it is no JSON, or nested deeper than a row may be. */
export function shallowJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
