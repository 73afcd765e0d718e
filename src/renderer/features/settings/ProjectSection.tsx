import { Button, Switch, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatCount, formatMoment, plural } from '../../format.ts';
import { projectOpened } from '../../state/project.ts';
import { Section } from './Section.tsx';
import css from './settings.module.css';

/** What holds for everyone who labels in this project. */
export function ProjectSection({ project }: { readonly project: Project }) {
  const { settings, counts } = project;
  const [guidelines, setGuidelines] = useState(settings.guidelines);
  const save = useMutation(api.project.updateSettings.mutationOptions({ onSuccess: projectOpened }));
  return (
    <Section title={`Project: ${project.name}`}>
      <dl className={css.facts}>
        <dt>File</dt>
        <dd className="mono small">{project.path}</dd>
        <dt>Made</dt>
        <dd>{formatMoment(project.createdAt)}</dd>
        <dt>Holds</dt>
        <dd className="num">
          {plural(counts.pairs, 'pair')} of {plural(counts.prompts, 'prompt')}, {formatCount(counts.labelled)}{' '}
          labelled, {plural(counts.runs, 'run')}
        </dd>
      </dl>
      <Switch
        label="Blind labelling"
        description="Hides the file’s label, other people’s verdicts, codes and margins of a pair from whoever has yet to decide it, in the Library too. To know them first biases."
        checked={settings.blind}
        onChange={(event) => save.mutate({ blind: event.currentTarget.checked })}
      />
      <Textarea
        label="Guidelines"
        description="Markdown; ? shows them while labelling"
        autosize
        minRows={4}
        maxRows={16}
        value={guidelines}
        onChange={(event) => setGuidelines(event.currentTarget.value)}
      />
      <ErrorCard error={save.error} />
      <div className="row">
        <Button
          variant="filled"
          disabled={guidelines === settings.guidelines}
          loading={save.isPending}
          onClick={() => save.mutate({ guidelines })}
        >
          Save guidelines
        </Button>
        {guidelines !== settings.guidelines && <span className="small muted">Not saved yet</span>}
      </div>
    </Section>
  );
}
