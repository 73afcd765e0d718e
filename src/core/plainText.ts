/** Text of strangers on a terminal or in a log: what would steer the one or fill the other is written out. */

const ESCAPE = 27;
const LONGEST_LINE = 2000;
/** Control characters but line feed and tab, and what turns the direction of text around. */
const STEERING = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const written = (character: string): string => {
  const code = character.charCodeAt(0);
  return code === ESCAPE ? '\\e' : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** For a terminal: no colour, no title, no link, no moved cursor, no turned text; its lines stay. */
export const forTerminal = (text: string): string => text.replace(STEERING, written);

/** JSON that is safe on a terminal: the same value, written with escapes. */
export const jsonForTerminal = (value: unknown): string =>
  JSON.stringify(value).replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** For a log: one line, of bounded length. */
export function forLog(text: string): string {
  const line = forTerminal(text.trim()).replace(/\s*\n\s*/g, ' | ');
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}
