import { SegmentedControl, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { AnnotatorForm } from '../../components/AnnotatorForm.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { Section } from './Section.tsx';

/** Who labels and how the desk looks; kept for this person, not for the project. */
export function LabellingSection() {
  const annotators = useQuery(api.annotate.annotators.queryOptions());
  const { showLabelAfterVerdict, replyText } = usePreferences();
  return (
    <Section title="Labelling">
      <ErrorCard error={annotators.error} />
      <div style={{ maxWidth: '20rem' }}>
        <AnnotatorForm annotators={annotators.data ?? []} />
      </div>
      <Switch
        label="Show what the file and others said, once my verdict stands"
        checked={showLabelAfterVerdict}
        onChange={(event) => setPreferences({ showLabelAfterVerdict: event.currentTarget.checked })}
      />
      <div className="row">
        <span>Replies as</span>
        <SegmentedControl<'markdown' | 'source'>
          aria-label="Replies as"
          size="xs"
          value={replyText}
          onChange={(value) => setPreferences({ replyText: value })}
          data={[
            { value: 'markdown', label: 'Markdown' },
            { value: 'source', label: 'Stored text' },
          ]}
        />
      </div>
    </Section>
  );
}
