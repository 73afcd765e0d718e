import { Autocomplete, Button, Group, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PairFilter } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { changePairs } from './changes.ts';

interface Props {
  readonly filter: PairFilter;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Puts a tag on the chosen pairs, or takes it from them. */
export function TagDialog({ filter, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Tag the chosen pairs" size="sm">
      {opened && <TagForm filter={filter} onDone={onClose} />}
    </Modal>
  );
}

function TagForm({ filter, onDone }: { readonly filter: PairFilter; readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const tags = useQuery(api.library.tags.queryOptions());
  const tag = name.trim();
  const isKnown = tags.data?.some((known) => known.name === tag) ?? false;
  const run = (action: 'tag' | 'untag') => {
    onDone();
    void changePairs(filter, action, tag);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (tag !== '') run('tag');
      }}
    >
      <Autocomplete
        label="Tag"
        data-autofocus
        value={name}
        onChange={setName}
        maxLength={60}
        data={(tags.data ?? []).map((known) => known.name)}
      />
      <Group mt="md" justify="flex-end">
        <Button disabled={!isKnown} onClick={() => run('untag')}>
          Remove it
        </Button>
        <Button type="submit" variant="filled" disabled={tag === ''}>
          Add it
        </Button>
      </Group>
    </form>
  );
}
