import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CodeName } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { PaneSection } from '../../components/SidePane.tsx';

interface Props {
  readonly runId: number;
  readonly code: number;
  readonly named: CodeName | undefined;
  /** Words of its prompts: what it could be called. */
  readonly keywords: readonly string[];
}

/** What a person calls the code and notes of it; saved when the field is left. */
export function CodeNameForm({ runId, code, named, keywords }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState(named?.name ?? '');
  const [note, setNote] = useState(named?.note ?? '');
  const save = useMutation(
    api.codes.rename.mutationOptions({
      onSuccess: (names) => queries.setQueryData(api.codes.names.queryKey({ input: { runId } }), names),
    }),
  );
  const store = (next: { readonly name: string; readonly note: string }): void => {
    if (next.name.trim() === (named?.name ?? '') && next.note === (named?.note ?? '')) return;
    save.mutate({ runId, code, name: next.name.trim(), note: next.note });
  };
  const suggested = keywords.slice(0, 3).join(', ').slice(0, 60);
  return (
    <PaneSection label="Name and note">
      <div className="row">
        <TextInput
          size="xs"
          aria-label={`Name of code ${code}`}
          placeholder={suggested === '' ? 'What would you call it?' : suggested}
          maxLength={60}
          style={{ flex: 1 }}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          onBlur={() => store({ name, note })}
          onKeyDown={({ key }) => key === 'Enter' && store({ name, note })}
        />
        {name === '' && suggested !== '' && (
          <Button
            size="compact-xs"
            title="The words of its prompts as its name"
            onClick={() => {
              setName(suggested);
              store({ name: suggested, note });
            }}
          >
            Use words
          </Button>
        )}
      </div>
      <Textarea
        size="xs"
        aria-label={`Note on code ${code}`}
        placeholder="Note"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={5000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
        onBlur={() => store({ name, note })}
      />
      <ErrorCard error={save.error} />
    </PaneSection>
  );
}
