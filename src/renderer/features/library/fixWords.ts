/** What is to be done about a row, in the words of the dialog where it is said in those of the shell. Pure. */
import { type ImportPart, SHORT_PARTS } from '#shared/importEntities.ts';
import { PART_WORDS } from './mapping.ts';

const JSON_TEXTS: Readonly<Record<string, string>> = {
  read: 'Read the lists',
  keep: 'Keep them as text',
};

function mapWords(parts: string): string {
  return parts
    .split(',')
    .map((pair) => {
      const [name = '', field = ''] = pair.split('=');
      const part = PART_WORDS[SHORT_PARTS[name] ?? (name as ImportPart)] ?? name;
      return `“${part}: ${field === '' ? 'No field' : field === 'FIELD' ? 'the field' : field}”`;
    })
    .join(' and ');
}

/** `--map`, `--verdicts`, `--json-texts` and `--good-from` as the choices that they are in the dialog. */
export const dialogFix = (fix: string): string =>
  fix
    .replace('by Fields in the dialog or by --map', 'by “Fields” above')
    .replaceAll(/--map ((?:[a-zA-Z]+=[^\s,;]*,?)+)/g, (_, parts: string) =>
      parts.endsWith(',') ? `${mapWords(parts.slice(0, -1))},` : mapWords(parts),
    )
    .replaceAll(/--verdicts ([^\s;]+=[^\s;,]+(?:,[^\s;,]+=[^\s;,]+)*)/g, '“Values of the verdict: $1”')
    .replaceAll('--verdicts', '“Values of the verdict”')
    .replaceAll(
      /--json-texts (read|keep)/g,
      (_, what: string) => `“Texts that are JSON lists: ${JSON_TEXTS[what]}”`,
    )
    .replaceAll(/--good-from SCORE/g, '“A rated reply alone is good from”');
