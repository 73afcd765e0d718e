import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { learnsFromSingles, type Objective } from '#core/methods.ts';
import type { Suggestion } from '#core/result.ts';
import type { PairSelection, Run } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { KeyButton } from '../../../components/KeyButton.tsx';
import { ScreenBar } from '../../../components/ScreenBar.tsx';
import { SidePane } from '../../../components/SidePane.tsx';
import { useScreenKeys } from '../../../components/useScreenKeys.ts';
import { navigate } from '../../../state/screen.ts';
import { JobDialog } from '../elsewhere/JobDialog.tsx';
import { isActive } from '../runWords.ts';
import { checkSweep, type SweepDraft, startingSweep } from '../sweep/sweepDraft.ts';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { RefusalHelp } from './BudgetHelp.tsx';
import { checkDraft, draftOf, type FieldName, withSuggestion, withText } from './draft.ts';
import { EstimatePane } from './EstimatePane.tsx';
import { Fields } from './FieldInput.tsx';
import { BASIC_FIELDS } from './fields.ts';
import css from './form.module.css';
import { ObjectivePicker, PresetPicker } from './MethodPicker.tsx';
import { ModelPicker } from './ModelPicker.tsx';
import { PairPicker } from './PairPicker.tsx';
import { STARTING_PRESET } from './presets.ts';
import { StartField } from './StartField.tsx';
import { SweepFields } from './SweepFields.tsx';
import { useSubmitRun } from './useSubmitRun.ts';

interface Props {
  /** Settings to start from; the defaults without one. */
  readonly from: Run | null;
  /** A setting to start from instead of theirs. */
  readonly suggested: { readonly field: FieldName; readonly text: string } | null;
  readonly runs: readonly Run[];
}

const back = () => navigate('train');
const ALL_PAIRS: PairSelection = { labels: 'people-then-imported', sourceIds: null };

export function NewRun({ from, suggested, runs }: Props) {
  const [name, setName] = useState('');
  const [draft, setDraft] = useState(() => {
    const start = draftOf(from?.config ?? STARTING_PRESET.config);
    return suggested === null ? start : withText(start, suggested.field, suggested.text);
  });
  const [selection, setSelection] = useState(from?.selection ?? ALL_PAIRS);
  const [picked, setPicked] = useState(from?.modelId ?? null);
  const models = useQuery(api.models.list.queryOptions());
  const modelId = picked ?? models.data?.find(({ exists }) => exists)?.id ?? null;
  const model = models.data?.find(({ id }) => id === modelId)?.info ?? null;
  const { config, problems, cautions } = checkDraft(draft, model);
  const busy = runs.some(isActive);
  const ready = config !== null && modelId !== null;
  const [elsewhereOpen, elsewhere] = useDisclosure(false);
  const [sweep, setSweep] = useState<SweepDraft | null>(null);
  const checkedSweep = sweep === null || config === null ? null : checkSweep(sweep, config, model);
  const submitting = useSubmitRun(busy);
  const { pending, error: failed } = submitting;
  const named = name.trim();
  const request = ready ? { ...(named ? { name: named } : {}), modelId, config, selection } : null;
  const canSubmit = ready && (sweep === null || checkedSweep?.failure === null);
  const submit = () => {
    if (request === null || !canSubmit || pending) return;
    if (checkedSweep?.failure === null) submitting.sweep({ ...request, ...checkedSweep });
    else submitting.run(request);
  };
  useScreenKeys({ escape: back });
  const onBudget = (tokens: number) => setDraft(withText(draft, 'tokenBudget', String(tokens)));
  const onText = (field: FieldName, text: string) => setDraft(withText(draft, field, text));
  const onSuggestion = (suggestion: Suggestion) => {
    setDraft(withSuggestion(draft, suggestion));
    submitting.reset();
  };
  return (
    <>
      <form
        className={css.page}
        aria-label="New run"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ScreenBar
          title="New run"
          actions={
            <>
              <KeyButton variant="subtle" keyName="Esc" onClick={back}>
                Back
              </KeyButton>
              <Button disabled={!ready} onClick={elsewhere.open}>
                Run elsewhere…
              </Button>
              <Button type="submit" variant="filled" loading={pending} disabled={!canSubmit}>
                {checkedSweep?.failure === null
                  ? `Start ${checkedSweep.count} runs`
                  : busy
                    ? 'Add to the queue'
                    : 'Start'}
              </Button>
            </>
          }
        />
        <div className={css.body}>
          <div className={css.form}>
            <ErrorCard error={failed} />
            <RefusalHelp
              error={failed}
              modelId={modelId}
              config={config}
              selection={selection}
              onBudget={onBudget}
              onSuggestion={onSuggestion}
            />
            <Part label="Model">
              <ErrorCard error={models.error} onRetry={() => void models.refetch()} />
              <ModelPicker models={models.data ?? []} modelId={modelId} onModel={setPicked} />
              <StartField
                modelId={modelId}
                value={draft.texts.startFrom}
                onValue={(text) => onText('startFrom', text)}
                problem={problems.startFrom?.says}
              />
            </Part>
            <Part label="Objective">
              <ObjectivePicker draft={draft} onDraft={setDraft} />
            </Part>
            <Part label="Preset">
              <PresetPicker draft={draft} onDraft={setDraft} />
            </Part>
            <Part label="Pairs">
              <PairPicker
                selection={selection}
                onSelection={setSelection}
                withSingles={learnsFromSingles({ objective: draft.texts.objective as Objective })}
              />
            </Part>
            <Part label="Settings">
              <Fields
                fields={BASIC_FIELDS}
                draft={draft}
                problems={problems}
                cautions={cautions}
                onText={onText}
                onSuggestion={onSuggestion}
              />
            </Part>
            <Part label="Several runs">
              <SweepFields
                draft={draft}
                sweep={sweep}
                checked={checkedSweep}
                onToggle={() => setSweep(sweep === null ? startingSweep(draft.texts.seed) : null)}
                onSweep={setSweep}
              />
            </Part>
            <Part label="More">
              <AdvancedSettings
                models={models.data ?? []}
                draft={draft}
                problems={problems}
                cautions={cautions}
                onText={onText}
                onSuggestion={onSuggestion}
                name={name}
                onName={setName}
              />
            </Part>
          </div>
          <SidePane label="What this run would take">
            <EstimatePane modelId={modelId} config={config} selection={selection} onBudget={onBudget} />
            {busy && (
              <p className="small muted">
                A run is in progress: this one waits in the queue and starts when it has ended.
              </p>
            )}
          </SidePane>
        </div>
      </form>
      {request !== null && <JobDialog request={request} opened={elsewhereOpen} onClose={elsewhere.close} />}
    </>
  );
}

function Part({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset>
      <legend className="label">{label}</legend>
      {children}
    </fieldset>
  );
}
