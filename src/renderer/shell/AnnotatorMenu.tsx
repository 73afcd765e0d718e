import { Button, Popover, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { queryClient } from '../api/queryClient.ts';
import { Chip } from '../components/Chip.tsx';
import { ErrorCard } from '../components/FailureCard.tsx';

/** Who labels: a name kept with each verdict. */
export function AnnotatorMenu() {
  const [opened, { close, toggle }] = useDisclosure(false);
  const [name, setName] = useState('');
  const annotators = useQuery(api.annotate.annotators.queryOptions());
  const current = annotators.data?.find((annotator) => annotator.current);
  const select = useMutation(
    api.annotate.selectAnnotator.mutationOptions({
      onSuccess: async () => {
        setName('');
        close();
        await queryClient.invalidateQueries({ queryKey: api.annotate.key() });
        await queryClient.invalidateQueries({ queryKey: api.library.key() });
      },
    }),
  );
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={260} trapFocus shadow="md">
      <Popover.Target>
        <span>
          <Chip onClick={toggle} title="Change who labels">
            {current ? current.name : 'Choose your name'}
          </Chip>
        </span>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') select.mutate({ name });
          }}
        >
          <span className="label">Who labels</span>
          {annotators.data?.map((annotator) => (
            <Button
              key={annotator.id}
              fullWidth
              justify="flex-start"
              variant={annotator.current ? 'light' : 'subtle'}
              aria-pressed={annotator.current}
              onClick={() => select.mutate({ name: annotator.name })}
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
          <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={select.isPending}>
            Label under this name
          </Button>
          <ErrorCard error={select.error} />
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
