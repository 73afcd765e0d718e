import { Button } from '@mantine/core';
import type { Run } from '#shared/entities.ts';
import { formatCount } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { namedBudget } from './form/fittingBudget.ts';

interface Props {
  readonly run: Run;
  /** What was said about memory. */
  readonly said: string;
}

/** Where a token budget was named that fits: the same settings with it. */
export function BudgetLink({ run, said }: Props) {
  const budget = namedBudget(said);
  if (budget === null || budget >= run.config.tokenBudget) return null;
  return (
    <Button
      style={{ alignSelf: 'start' }}
      onClick={() => navigate('train', { new: 'form', from: String(run.id), budget: String(budget) })}
    >
      New run with a token budget of {formatCount(budget)}
    </Button>
  );
}
