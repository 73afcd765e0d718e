import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { formatCount } from '../../format.ts';
import css from './library.module.css';

const keyOf = ({ runId, kind }: { readonly runId: number; readonly kind: string }) => `${runId} ${kind}`;

/** Whose codes and margins the columns show; the person chooses, and nothing changes when another run ends. */
export function FiguresChoice() {
  const { data } = useQuery(api.library.figures.queryOptions());
  const choose = useMutation(
    api.library.showFigures.mutationOptions({
      onSuccess: (figures) => {
        queryClient.setQueryData(api.library.figures.queryKey(), figures);
        void queryClient.invalidateQueries({ queryKey: api.library.key() });
      },
      onError: (error) => notifyFailure(failureOf(error)),
    }),
  );
  if (!data || data.choices.length === 0) return null;
  const { shown, choices } = data;
  const current = choices.find(({ runId, step }) => runId === shown?.runId && step === shown.step);
  return (
    <NativeSelect
      size="xs"
      className={css.figures ?? ''}
      aria-label="Codes and margins of"
      title="Whose codes and margins the columns Code and Margin show"
      value={current ? keyOf(current) : ''}
      data={[
        ...(current ? [] : [{ value: '', label: 'Codes and margins of…' }]),
        ...choices.map((choice) => ({
          value: keyOf(choice),
          label: `${choice.run}, ${choice.kind} checkpoint, step ${formatCount(choice.step)}${missingWords(choice)}`,
        })),
      ]}
      onChange={({ currentTarget }) => {
        const [runId, kind] = currentTarget.value.split(' ');
        if (kind === 'best' || kind === 'last') choose.mutate({ runId: Number(runId), kind });
      }}
    />
  );
}

const missingWords = ({ codes, margins }: { readonly codes: boolean; readonly margins: boolean }): string => {
  if (!codes) return ' (margins alone)';
  return margins ? '' : ' (codes alone)';
};
