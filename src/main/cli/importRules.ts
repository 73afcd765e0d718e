import { InvalidArgumentError } from 'commander';
import {
  IMPORT_PARTS,
  type ImportPart,
  type ImportRules,
  SHORT_PARTS,
  verdictsIn,
} from '#shared/importEntities.ts';

const isPart = (name: string): name is ImportPart => (IMPORT_PARTS as readonly string[]).includes(name);

/** `prompt=question,a=first,b=second`; a part without a field is read from none; `none` forgets what is remembered. */
export function parseMap(text: string): NonNullable<ImportRules['map']> {
  const map: Partial<Record<ImportPart, string>> = {};
  if (text === 'none') return map;
  for (const entry of text.split(',')) {
    const cut = entry.indexOf('=');
    const name = entry.slice(0, Math.max(cut, 0)).trim();
    const part = Object.hasOwn(SHORT_PARTS, name) ? (SHORT_PARTS[name] as ImportPart) : name;
    if (cut < 1 || !isPart(part)) {
      throw new InvalidArgumentError(
        `"${entry}" is not PART=FIELD; parts are a, b, ${IMPORT_PARTS.filter((known) => !known.startsWith('reply')).join(', ')}.`,
      );
    }
    map[part] = entry.slice(cut + 1).trim();
  }
  return map;
}

/** `0=a,1=b,2=tie`: what the values of the verdict's field say. */
export function parseVerdicts(text: string): NonNullable<ImportRules['verdicts']> {
  const verdicts = verdictsIn(text);
  if (verdicts) return verdicts;
  throw new InvalidArgumentError(
    'Write VALUE=VERDICT, as in 0=a,1=b,2=tie; verdicts are a, b, tie, both_bad and none.',
  );
}

export function parsePairing(text: string): NonNullable<ImportRules['pairing']> {
  if (text === 'best' || text === 'all' || text === 'adjacent') return text;
  throw new InvalidArgumentError('Allowed: best, all, adjacent.');
}
export function parseJsonTexts(text: string): NonNullable<ImportRules['jsonTexts']> {
  if (text === 'read' || text === 'keep') return text;
  throw new InvalidArgumentError('Allowed: read, keep.');
}
export function parseGoodFrom(text: string): number {
  const score = Number(text);
  if (text.trim() !== '' && Number.isFinite(score)) return score;
  throw new InvalidArgumentError('A number.');
}
export function parseMargin(text: string): number {
  const margin = Number(text);
  if (text.trim() !== '' && Number.isFinite(margin) && margin >= 0) return margin;
  throw new InvalidArgumentError('A number of at least 0.');
}
