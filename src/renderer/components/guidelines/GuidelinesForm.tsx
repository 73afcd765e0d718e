import { Button, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { type GuidelinesDraft, setGuidelinesDraft } from '../../state/guidelinesDraft.ts';
import { projectOpened } from '../../state/project.ts';
import { ErrorCard } from '../FailureCard.tsx';
import { Prose } from '../prose/Prose.tsx';
import css from './guidelines.module.css';

interface Props {
  readonly project: Project;
  readonly draft: GuidelinesDraft;
  /** The keyboard goes to the text at once. */
  readonly autoFocus?: boolean;
}

/** The guidelines being written, with how they will look. What is typed is kept; only Save and Discard end it. */
export function GuidelinesForm({ project, draft, autoFocus = false }: Props) {
  const { guidelines } = project.settings;
  const [view, setView] = useState('write');
  const drop = () => setGuidelinesDraft(project.path, null);
  const change = (changes: Partial<GuidelinesDraft>) =>
    setGuidelinesDraft(project.path, { ...draft, ...changes });
  const save = useMutation(
    api.guidelines.save.mutationOptions({
      onSuccess: async (changed) => {
        await projectOpened(changed);
        drop();
        await queryClient.invalidateQueries({ queryKey: api.guidelines.key() });
      },
    }),
  );
  const changed = draft.text !== guidelines;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) save.mutate({ text: draft.text, note: draft.note ?? '' });
        else drop();
      }}
    >
      <SegmentedControl
        size="xs"
        aria-label="What is shown of the guidelines"
        value={view}
        onChange={setView}
        data={[
          { value: 'write', label: 'Write' },
          { value: 'preview', label: 'Preview' },
        ]}
      />
      {view === 'preview' ? (
        <section className={css.preview} aria-label="Preview">
          <Prose text={draft.text} />
        </section>
      ) : (
        <Textarea
          label="Guidelines"
          description="Markdown. Say what makes a reply better, and give an example of each case that people ask about."
          autosize
          minRows={8}
          maxRows={22}
          autoFocus={autoFocus}
          value={draft.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      )}
      {changed && (
        <TextInput
          label="What changed"
          description="Told to everybody who labels, once"
          maxLength={500}
          value={draft.note ?? ''}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
      )}
      {draft.from !== guidelines && (
        <p className="small" style={{ margin: 0 }}>
          The guidelines were changed elsewhere since you began. Saving puts yours in force; the other version
          stays in the list.
        </p>
      )}
      <ErrorCard error={save.error} />
      <div className="row">
        <span className="small muted" role="status">
          {changed ? 'Not saved yet; kept until you save or discard it' : ''}
        </span>
        <span className="grow" />
        <Button onClick={drop}>{changed ? 'Discard' : 'Cancel'}</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
