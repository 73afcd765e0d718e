import { Autocomplete, Button } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Annotator, Project } from '#shared/entities.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { identify } from '../../state/identity.ts';

interface Props {
  readonly project: Project;
  /** Who has labelled in this project. */
  readonly known: readonly Annotator[];
}

/** Asked once, before the first verdict: whose labels these are. */
export function NameForm({ project, known }: Props) {
  const [name, setName] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After the shell, which puts the keyboard into a screen that opens.
    const frame = requestAnimationFrame(() => input.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const names = known.map((annotator) => annotator.name);
  const select = useMutation({ mutationFn: (chosen: string) => identify(project, { name: chosen }) });
  return (
    <EmptyState
      icon={<IconUser />}
      title="Who labels?"
      actions={
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') select.mutate(name.trim());
          }}
        >
          <Autocomplete
            aria-label="Your name"
            placeholder="Your name"
            data={names}
            maxLength={80}
            ref={input}
            value={name}
            onChange={setName}
          />
          <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={select.isPending}>
            Start labelling
          </Button>
        </form>
      }
    >
      {names.length === 0
        ? 'Each verdict is kept with a name, so that several people can label the same pairs.'
        : `Each verdict is kept with a name. So far: ${names.join(', ')}.`}
      <ErrorCard error={select.error} />
    </EmptyState>
  );
}
