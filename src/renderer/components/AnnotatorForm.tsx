import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Annotator } from '#shared/entities.ts';
import { identify, rename } from '../state/identity.ts';
import { useProject } from '../state/project.ts';
import { useSaveState } from '../state/saveState.ts';
import { ErrorCard } from './FailureCard.tsx';

interface Props {
  readonly annotators: readonly Annotator[];
  readonly onDone?: () => void;
}
type Person = { readonly name: string } | { readonly annotatorId: number };

/** Chooses who labels on this page, adds a name, or corrects one's own. */
export function AnnotatorForm({ annotators, onDone }: Props) {
  const project = useProject();
  const [name, setName] = useState('');
  const waiting = useSaveState((state) => state.pending > 0);
  const current = annotators.find((annotator) => annotator.current);
  const done = {
    onSuccess: () => {
      setName('');
      onDone?.();
    },
  };
  const select = useMutation({
    mutationFn: async (person: Person) => (project ? identify(project, person) : null),
    ...done,
  });
  const correct = useMutation({
    mutationFn: async (changed: string) => (current ? rename(current.id, changed) : null),
    ...done,
  });
  const typed = name.trim();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== '' && !waiting) select.mutate({ name: typed });
      }}
    >
      <span className="label">Who labels on this page</span>
      {annotators.map((annotator) => (
        <Button
          key={annotator.id}
          fullWidth
          justify="flex-start"
          variant={annotator.current ? 'light' : 'subtle'}
          color={annotator.current ? 'accent' : 'gray'}
          aria-pressed={annotator.current}
          disabled={waiting && !annotator.current}
          onClick={() => select.mutate({ annotatorId: annotator.id })}
        >
          {annotator.name}
        </Button>
      ))}
      <TextInput
        aria-label="Another name"
        placeholder="Another name"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className="row">
        <Button
          className="grow"
          type="submit"
          disabled={typed === '' || waiting}
          loading={select.isPending}
          title="Label as this person from now on"
        >
          Use it
        </Button>
        {current !== undefined && (
          <Button
            className="grow"
            disabled={typed === '' || waiting}
            loading={correct.isPending}
            title={`Call ${current.name} by this name; all verdicts stay theirs`}
            onClick={() => correct.mutate(typed)}
          >
            Rename {current.name}
          </Button>
        )}
      </div>
      {waiting && <span className="small muted">Verdicts are still being saved under this name.</span>}
      <ErrorCard error={select.error ?? correct.error} />
    </form>
  );
}
