import { Button, Popover, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { create } from 'zustand';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { notifyFailure } from '../../components/notify.tsx';
import { Popup } from '../../components/Popup.tsx';
import { navigate } from '../../state/screen.ts';
import css from './train.module.css';

/** The run deleted last, until another is or it is brought back. */
const useDeleted = create<{ readonly run: Run | null }>(() => ({ run: null }));

/** Name and note of a run. */
export function RunWords({ run }: { readonly run: Run }) {
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState(run.name);
  const [note, setNote] = useState(run.note);
  const edit = useMutation(
    api.runs.edit.mutationOptions({
      onSuccess: () => {
        setOpened(false);
        return queries.invalidateQueries({ queryKey: api.runs.key() });
      },
    }),
  );
  const save = (): void => {
    if (name.trim() !== '') edit.mutate({ runId: run.id, name: name.trim(), note });
  };
  return (
    <Popup opened={opened} onClose={() => setOpened(false)} position="bottom-end" width={320}>
      <Popover.Target>
        <Button
          size="xs"
          variant="subtle"
          aria-haspopup="dialog"
          aria-expanded={opened}
          onClick={() => {
            setName(run.name);
            setNote(run.note);
            setOpened(!opened);
          }}
        >
          Name and note
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Name and note">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <TextInput
            size="xs"
            label="Name"
            maxLength={80}
            data-autofocus
            value={name}
            error={name.trim() === '' ? 'A run needs a name.' : null}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Textarea
            size="xs"
            label="Note"
            autosize
            minRows={3}
            maxRows={10}
            maxLength={10_000}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <ErrorCard error={edit.error} />
          <Button
            type="submit"
            size="xs"
            variant="filled"
            loading={edit.isPending}
            disabled={name.trim() === ''}
          >
            Save
          </Button>
        </form>
      </Popover.Dropdown>
    </Popup>
  );
}

export function DeleteRun({ run }: { readonly run: Run }) {
  const queries = useQueryClient();
  const remove = useMutation(
    api.runs.remove.mutationOptions({
      onSuccess: async () => {
        useDeleted.setState({ run });
        navigate('train');
        await Promise.all([
          queries.invalidateQueries({ queryKey: api.runs.key() }),
          queries.invalidateQueries({ queryKey: api.project.current.queryKey() }),
          queries.invalidateQueries({ queryKey: api.library.key() }),
        ]);
      },
      onError: (error) => notifyFailure(failureOf(error)),
    }),
  );
  return (
    <Button
      size="xs"
      variant="subtle"
      color="red"
      loading={remove.isPending}
      onClick={() => remove.mutate({ runId: run.id })}
    >
      Delete
    </Button>
  );
}

/** Brings the run deleted last back, until the project is opened again. */
export function DeletedNotice() {
  const run = useDeleted(({ run: deleted }) => deleted);
  const queries = useQueryClient();
  const restore = useMutation(
    api.runs.restore.mutationOptions({
      onSuccess: async (back) => {
        useDeleted.setState({ run: null });
        await queries.invalidateQueries({ queryKey: api.runs.key() });
        navigate('train', { run: String(back.id) });
      },
      onError: (error) => notifyFailure(failureOf(error)),
    }),
  );
  if (run === null) return null;
  return (
    <div className={css.deleted} role="status">
      <span className="small">{run.name} is deleted; its files go when the project is opened again.</span>
      <Button size="compact-xs" loading={restore.isPending} onClick={() => restore.mutate({ runId: run.id })}>
        Undo
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => useDeleted.setState({ run: null })}>
        Close
      </Button>
    </div>
  );
}
