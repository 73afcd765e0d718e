/** A line of the log that is kept: when, and what went wrong; not whose data, where it lies, or with which token. */
import { withoutPlaces } from './crashReport.ts';
import { forLog } from './plainText.ts';

/** What stands in quotes may be a text, a name or a file; an apostrophe within a word begins none. */
const QUOTED = /(?:"[^"]*"?|`[^`]*`?|“[^”]*”?|«[^»]*»?|(?<![\p{L}\p{N}])'[^']*'?)/gu;

/** What is left of a place with spaces in it, and a project by its file's name. */
const PARTS_OF_PLACES = /\S*[\\/]\S+|\S+\.facet\b/g;

/** `hasTexts`: a person asked for the texts too. */
export const logEntry = (line: string, at: Date, hasTexts: boolean): string => {
  const plain = forLog(line);
  return `${at.toISOString()} ${hasTexts ? plain : withoutPlaces(plain.replace(QUOTED, '“…”')).replace(PARTS_OF_PLACES, '(a place)')}`;
};
