import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Suggestion } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { PairSelection } from '#shared/entities.ts';
import { client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failureOf.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { formatCount, plural } from '../../../format.ts';
import { fittingBudget } from './fittingBudget.ts';

interface Props {
  readonly modelId: number;
  readonly config: RunConfig;
  readonly selection: PairSelection;
  readonly onBudget: (tokenBudget: number) => void;
}

/** Offers a token budget with which the run fits in memory. */
export function BudgetHelp({ modelId, config, selection, onBudget }: Props) {
  const [trying, setTrying] = useState<number | null>(null);
  const find = useMutation({
    mutationFn: () =>
      fittingBudget(
        config.tokenBudget,
        (tokenBudget) => client.runs.estimate({ modelId, config: { ...config, tokenBudget }, selection }),
        setTrying,
      ),
  });
  if (find.data)
    return <UseBudget budget={find.data.tokenBudget} pairsCut={find.data.pairsCut} onBudget={onBudget} />;
  return (
    <div className="stack">
      <Button loading={find.isPending} onClick={() => find.mutate()}>
        Find a token budget that fits
      </Button>
      <span className="small muted num" role="status">
        {find.isPending && trying !== null && `Trying ${formatCount(trying)} tokens…`}
        {find.data === null &&
          'None does: the weights alone are too much. Train heads, or take a smaller model.'}
      </span>
      <ErrorCard error={find.error} />
    </div>
  );
}

interface RefusalProps extends Pick<Props, 'selection' | 'onBudget'> {
  readonly error: unknown;
  readonly modelId: number | null;
  readonly config: RunConfig | null;
  readonly onSuggestion: (suggestion: Suggestion) => void;
}

/** What a refused start itself suggests; where it was refused for want of memory, a search for a budget that fits. */
export function RefusalHelp({ error, modelId, config, onSuggestion, ...rest }: RefusalProps) {
  if (!error || modelId === null || config === null) return null;
  const { code, suggestion } = failureOf(error);
  if (suggestion !== undefined)
    return (
      <Button variant="filled" onClick={() => onSuggestion(suggestion)}>
        Use {suggestion.label}
      </Button>
    );
  if (!/memory|too-large/.test(code)) return null;
  return <BudgetHelp key={config.tokenBudget} modelId={modelId} config={config} {...rest} />;
}

interface UseProps {
  readonly budget: number;
  readonly pairsCut: number;
  readonly onBudget: (tokenBudget: number) => void;
}

function UseBudget({ budget, pairsCut, onBudget }: UseProps) {
  return (
    <div className="stack">
      <Button variant="filled" onClick={() => onBudget(budget)}>
        Use a token budget of {formatCount(budget)}
      </Button>
      {pairsCut > 0 && (
        <span className="small muted">It cuts {plural(pairsCut, 'pair')} that are longer.</span>
      )}
    </div>
  );
}
