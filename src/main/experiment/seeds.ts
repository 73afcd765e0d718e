import { FacetError } from '#core/result.ts';

const MOST_SEEDS = 1000;

const bad = (text: string, reason: string): FacetError =>
  new FacetError({
    code: 'experiment.bad-seeds',
    message: `--seeds ${text} ${reason}`,
    where: { field: 'seeds' },
    fix: 'Give how many, e.g. --seeds 3 for 1, 2, 3, or a list of different whole numbers, e.g. --seeds 1,2,7.',
  });

/** `3` is seeds 1, 2, 3; `4,7` is those two; `4,` is seed 4 alone. Throws `experiment.bad-seeds`. */
export function parseSeeds(text: string): number[] {
  const isList = text.includes(',');
  const numbers = text
    .split(',')
    .filter((part, index) => part !== '' || index === 0)
    .map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.some((number) => !Number.isSafeInteger(number))) throw bad(text, 'is not whole numbers');
  if (isList) {
    if (new Set(numbers).size !== numbers.length) throw bad(text, 'names a seed twice');
    return numbers;
  }
  const count = numbers[0] as number;
  if (count < 1 || count > MOST_SEEDS) throw bad(text, `is not between 1 and ${MOST_SEEDS}`);
  return Array.from({ length: count }, (_, index) => index + 1);
}
