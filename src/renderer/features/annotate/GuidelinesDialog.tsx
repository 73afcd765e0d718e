import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import { projectOpened } from '../../state/project.ts';
import css from './annotate.module.css';

interface Props {
  readonly opened: boolean;
  readonly guidelines: string;
  readonly onClose: () => void;
}

/** The project's guidelines, read and written. */
export function GuidelinesDialog({ opened, guidelines, onClose }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const close = () => {
    setDraft(null);
    onClose();
  };
  const save = useMutation(
    api.project.updateSettings.mutationOptions({
      onSuccess: async (project) => {
        await projectOpened(project);
        setDraft(null);
      },
    }),
  );
  return (
    <Modal opened={opened} onClose={close} title="Guidelines" size="lg">
      {draft === null ? (
        <div className="stack">
          <div className={css.guidelines}>
            {guidelines.trim() === '' ? (
              <p className="muted" style={{ margin: 0 }}>
                No guidelines yet. Say what makes one reply better than the other, so that everyone decides
                alike.
              </p>
            ) : (
              <Prose text={guidelines} />
            )}
          </div>
          <div className="row">
            <span className="grow" />
            <Button onClick={() => setDraft(guidelines)}>
              {guidelines.trim() === '' ? 'Write them' : 'Edit'}
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ guidelines: draft });
          }}
        >
          <Textarea
            aria-label="Guidelines in Markdown"
            description="Markdown"
            autosize
            minRows={10}
            maxRows={22}
            data-autofocus
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
          <ErrorCard error={save.error} />
          <div className="row">
            <span className="grow" />
            <Button onClick={() => setDraft(null)}>Cancel</Button>
            <Button type="submit" variant="filled" loading={save.isPending}>
              Save
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
