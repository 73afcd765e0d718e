/** Why pairs were chosen, in the words of their tag. Pure. */
import { hash32 } from '#core/random.ts';
import type { CodeSelection } from '#shared/codeSelection.ts';

const MOST = 60;
const MOST_CODES = 5;

const listedWords = ({ search, code, source }: NonNullable<CodeSelection['listed']>): string[] => [
  ...(search === '' ? [] : [`“${search}”`]),
  ...(code === null ? [] : [`code ${code}`]),
  ...(source === null ? [] : [source]),
];

/** `codes 1, 4 × sky of Run 2, step 40`; of a tag's length, with the run at its end. */
export function selectionReason(
  { codes = [], promptIds = [], listed, region, group }: CodeSelection,
  runName: string,
  step: number,
): string {
  const named = codes.slice(0, MOST_CODES).join(', ') + (codes.length > MOST_CODES ? ' …' : '');
  const what = [
    ...(codes.length === 0 ? [] : [`${codes.length === 1 ? 'code' : 'codes'} ${named}`]),
    ...(promptIds.length === 0
      ? []
      : [promptIds.length === 1 ? `prompt ${promptIds[0]}` : `${promptIds.length} prompts`]),
    ...(listed ? listedWords(listed) : []),
    // Its own name for each, so that the pairs of two are not tagged alike.
    ...(region ? [`lasso ${hash32(JSON.stringify(region)).toString(36)}`] : []),
    ...(group ? [group.name] : []),
  ].join(' × ');
  const whose = ` of ${runName}, step ${step}`;
  const room = Math.max(16, MOST - whose.length);
  return `${what.length > room ? `${what.slice(0, room - 1)}…` : what}${whose}`.slice(0, MOST).trim();
}
