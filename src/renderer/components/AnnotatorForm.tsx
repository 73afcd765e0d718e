import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Annotator } from '#shared/entities.ts';
import { api } from '../api/client.ts';
import { queryClient } from '../api/queryClient.ts';
import { useSaveState } from '../state/saveState.ts';
import { ErrorCard } from './FailureCard.tsx';

interface Props {
  readonly annotators: readonly Annotator[];
  readonly onDone?: () => void;
}

/** Chooses who labels, or adds a name. */
export function AnnotatorForm({ annotators, onDone }: Props) {
  const [name, setName] = useState('');
  const waiting = useSaveState((state) => state.pending > 0);
  const select = useMutation(
    api.annotate.selectAnnotator.mutationOptions({
      onSuccess: async () => {
        setName('');
        await queryClient.invalidateQueries({ queryKey: api.annotate.key() });
        await queryClient.invalidateQueries({ queryKey: api.library.key() });
        onDone?.();
      },
    }),
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '' && !waiting) select.mutate({ name });
      }}
    >
      <span className="label">Who labels</span>
      {annotators.map((annotator) => (
        <Button
          key={annotator.id}
          fullWidth
          justify="flex-start"
          variant={annotator.current ? 'light' : 'subtle'}
          color={annotator.current ? 'accent' : 'gray'}
          aria-pressed={annotator.current}
          disabled={waiting && !annotator.current}
          onClick={() => select.mutate({ name: annotator.name })}
        >
          {annotator.name}
        </Button>
      ))}
      <div className="row">
        <TextInput
          className="grow"
          aria-label="Another name"
          placeholder="Another name"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === '' || waiting} loading={select.isPending}>
          Use it
        </Button>
      </div>
      {waiting && <span className="small muted">Verdicts are still being saved under this name.</span>}
      <ErrorCard error={select.error} />
    </form>
  );
}
