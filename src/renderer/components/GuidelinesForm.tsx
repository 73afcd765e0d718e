import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Project } from '#shared/entities.ts';
import { api } from '../api/client.ts';
import { type GuidelinesDraft, setGuidelinesDraft } from '../state/guidelinesDraft.ts';
import { projectOpened } from '../state/project.ts';
import { ErrorCard } from './FailureCard.tsx';

interface Props {
  readonly project: Project;
  readonly draft: GuidelinesDraft;
  /** The keyboard goes to the text at once. */
  readonly autoFocus?: boolean;
}

/** The guidelines being written. What is typed is kept; only Save and Discard end it. */
export function GuidelinesForm({ project, draft, autoFocus = false }: Props) {
  const { guidelines } = project.settings;
  const drop = () => setGuidelinesDraft(project.path, null);
  const save = useMutation(
    api.project.updateSettings.mutationOptions({
      onSuccess: async (changed) => {
        await projectOpened(changed);
        drop();
      },
    }),
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ guidelines: draft.text });
      }}
    >
      <Textarea
        label="Guidelines"
        description="Markdown; ? shows them while labelling"
        autosize
        minRows={8}
        maxRows={22}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        value={draft.text}
        onChange={(event) => setGuidelinesDraft(project.path, { ...draft, text: event.currentTarget.value })}
      />
      {draft.from !== guidelines && (
        <p className="small" style={{ margin: 0 }}>
          The guidelines were changed elsewhere since you began; saving replaces them.
        </p>
      )}
      <ErrorCard error={save.error} />
      <div className="row">
        <span className="small muted" role="status">
          {draft.text === guidelines ? '' : 'Not saved yet; kept until you save or discard it'}
        </span>
        <span className="grow" />
        <Button onClick={drop}>{draft.text === guidelines ? 'Cancel' : 'Discard'}</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
