/** Whether a typed prompt is like those trained on, in words. Pure. */
import type { Outputs } from '#shared/contract.ts';
import { formatFigure } from '../../format.ts';

export function likenessWords({ nearest, usual }: Pick<Outputs['codes']['probe'], 'nearest' | 'usual'>): {
  readonly text: string;
  readonly unlike: boolean;
} {
  const distance = nearest[0]?.distance;
  if (distance === undefined || usual === null) return { text: 'Nearest prompts', unlike: false };
  const unlike = distance > usual.most;
  const beside = `the nearest is ${formatFigure(distance, 2)} away; among themselves the median is ${formatFigure(usual.median, 2)}, and one in a hundred is beyond ${formatFigure(usual.most, 2)}`;
  return unlike
    ? { text: `Unlike anything trained on: ${beside}. What these codes say of it is a guess.`, unlike }
    : { text: `Like prompts trained on: ${beside}.`, unlike };
}
