import { Button, Group, Modal, NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PairFilter } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { markGold, unmarkGold } from './changes.ts';

interface Props {
  readonly filter: PairFilter;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Makes the chosen pairs gold pairs, whose answer is known, or takes that back. */
export function GoldDialog({ filter, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Gold pairs" size="sm">
      {opened && <GoldFields filter={filter} onDone={onClose} />}
    </Modal>
  );
}

const WHAT_HAPPENS = {
  hidden: 'They come among the other pairs and look like them. Settings › People shows how many were right.',
  shown:
    'After the verdict a notice says which reply is better. The rationale of the known answer is told as the reason.',
} as const;

function GoldFields({ filter, onDone }: { readonly filter: PairFilter; readonly onDone: () => void }) {
  const state = useQuery(api.gold.state.queryOptions());
  const own = useQuery(api.annotate.annotators.queryOptions()).data?.find(({ current }) => current)?.id;
  const [chosen, setChosen] = useState<number | null>(null);
  const [kind, setKind] = useState<'hidden' | 'shown'>('hidden');
  const answerers = state.data?.answerers ?? [];
  const answerer =
    answerers.find(({ annotatorId }) => annotatorId === (chosen ?? own)) ?? answerers[0] ?? null;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (answerer === null) return;
        onDone();
        void markGold(filter, answerer.annotatorId, kind === 'shown');
      }}
    >
      <ErrorCard error={state.error} />
      <NativeSelect
        label="The answer is the verdict of"
        description={
          state.data !== undefined && answerers.length === 0 ? 'Nobody has decided a pair yet.' : undefined
        }
        data-autofocus
        value={answerer === null ? '' : String(answerer.annotatorId)}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
        data={answerers.map(({ annotatorId, name, isPerson }) => ({
          value: String(annotatorId),
          label: name === null ? 'the file' : isPerson ? name : `${name} (from a file)`,
        }))}
      />
      <SegmentedControl<'hidden' | 'shown'>
        mt="md"
        fullWidth
        aria-label="Whether people are told"
        value={kind}
        onChange={setKind}
        data={[
          { value: 'hidden', label: 'Hidden: to check' },
          { value: 'shown', label: 'Told after: to learn' },
        ]}
      />
      <p className="small muted" style={{ margin: 0, minHeight: '2lh' }}>
        {WHAT_HAPPENS[kind]}
      </p>
      <Group justify="flex-end">
        <Button
          onClick={() => {
            onDone();
            void unmarkGold(filter);
          }}
        >
          Not gold
        </Button>
        <Button type="submit" variant="filled" disabled={answerer === null}>
          Make them gold
        </Button>
      </Group>
    </form>
  );
}
