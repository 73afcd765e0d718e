import { Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RatingRules } from '#core/ratings.ts';
import type { VerdictRules } from '#core/verdictAttributes.ts';
import type { Project } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { GuidelinesForm } from '../../components/guidelines/GuidelinesForm.tsx';
import { formatCount, formatMoment, plural } from '../../format.ts';
import { useGuidelinesDraft } from '../../state/guidelinesDraft.ts';
import { projectOpened } from '../../state/project.ts';
import { RatingRulesForm } from './RatingRulesForm.tsx';
import { Section } from './Section.tsx';
import css from './settings.module.css';
import { VerdictRulesForm } from './VerdictRulesForm.tsx';

/** What holds for everyone who labels in this project. */
export function ProjectSection({ project }: { readonly project: Project }) {
  const { settings, counts } = project;
  const draft = useGuidelinesDraft(project.path);
  const save = useMutation(api.project.updateSettings.mutationOptions({ onSuccess: projectOpened }));
  const saveRules = useMutation(api.project.updateSettings.mutationOptions({ onSuccess: projectOpened }));
  const onItsWay = (saveRules.isPending ? saveRules.variables.verdict : {}) as Partial<VerdictRules>;
  const ratingsOnTheirWay = (saveRules.isPending ? saveRules.variables.ratings : {}) as Partial<RatingRules>;
  const rules = { ...settings.verdict, ...onItsWay };
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
        description="Hides the file’s label, other people’s verdicts, codes and margins of a pair from whoever has yet to decide it, in the Library too. Knowing them first would bias the verdict."
        checked={settings.blind}
        onChange={(event) => save.mutate({ blind: event.currentTarget.checked })}
      />
      <ErrorCard error={save.error} />
      <ErrorCard error={saveRules.error} />
      <VerdictRulesForm rules={rules} onChange={(verdict) => saveRules.mutate({ verdict })} />
      <RatingRulesForm
        rules={{ ...settings.ratings, ...ratingsOnTheirWay }}
        onChange={(ratings) => saveRules.mutate({ ratings })}
      />
      <GuidelinesForm
        project={project}
        draft={draft ?? { text: settings.guidelines, from: settings.guidelines }}
      />
    </Section>
  );
}
