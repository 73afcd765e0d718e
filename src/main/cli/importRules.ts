import { InvalidArgumentError } from 'commander';
import type { ImportRules } from '#shared/importEntities.ts';
import { PARTS } from '../import/fields.ts';

const SHORT: Readonly<Record<string, string>> = { a: 'replyA', b: 'replyB', messages: 'prompt' };

/** `prompt=question,a=first,b=second`; a part without a field is read from none. */
export function parseMap(text: string): Record<string, string> {
  const map: Record<string, string> = {};
  for (const entry of text.split(',')) {
    const cut = entry.indexOf('=');
    const name = entry.slice(0, Math.max(cut, 0)).trim();
    const part = Object.hasOwn(SHORT, name) ? (SHORT[name] as string) : name;
    if (cut < 1 || !(PARTS as readonly string[]).includes(part)) {
      throw new InvalidArgumentError(
        `"${entry}" is not PART=FIELD; parts are a, b, ${PARTS.filter((known) => known !== 'metadata').join(', ')}.`,
      );
    }
    map[part] = entry.slice(cut + 1).trim();
  }
  return map;
}

export function parsePairing(text: string): NonNullable<ImportRules['pairing']> {
  if (text === 'best' || text === 'all' || text === 'adjacent') return text;
  throw new InvalidArgumentError('Allowed: best, all, adjacent.');
}
export function parseJsonTexts(text: string): NonNullable<ImportRules['jsonTexts']> {
  if (text === 'read' || text === 'keep') return text;
  throw new InvalidArgumentError('Allowed: read, keep.');
}
export function parseMargin(text: string): number {
  const margin = Number(text);
  if (text.trim() !== '' && Number.isFinite(margin) && margin >= 0) return margin;
  throw new InvalidArgumentError('A number of at least 0.');
}
