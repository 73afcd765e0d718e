import { Button, TextInput } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';

/** Asked once, before the first verdict: whose labels these are. */
export function NameForm() {
  const [name, setName] = useState('');
  const select = useMutation(
    api.annotate.selectAnnotator.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: api.annotate.key() }),
    }),
  );
  return (
    <EmptyState
      icon={<IconUser />}
      title="Who labels?"
      actions={
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') select.mutate({ name });
          }}
        >
          <TextInput
            aria-label="Your name"
            placeholder="Your name"
            maxLength={80}
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={select.isPending}>
            Start labelling
          </Button>
        </form>
      }
    >
      Each verdict is kept with a name, so that several people can label the same pairs.
      <ErrorCard error={select.error} />
    </EmptyState>
  );
}
