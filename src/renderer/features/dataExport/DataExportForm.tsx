import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Failure } from '#core/result.ts';
import { api, client } from '../../api/client.ts';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { formatCount } from '../../format.ts';
import { useProject } from '../../state/project.ts';
import { useLibraryView } from '../library/libraryView.ts';
import css from './dataExport.module.css';
import { type Draft, FIRST_DRAFT, prefers, problemsOf, requestOf, suggestedName } from './draft.ts';
import { LabelFields } from './LabelFields.tsx';
import { SplitFields } from './SplitFields.tsx';
import { FILES, SHAPES } from './shapes.ts';
import { closeDataExport, runDataExport, useDataExport } from './store.ts';

/** What is exported, as whom, and in which shape. */
export function DataExportForm({ failure }: { readonly failure: Failure | null }) {
  const [draft, setDraft] = useState<Draft>(() => ({
    ...FIRST_DRAFT,
    shownOnly: useDataExport.getState().shownOnly,
  }));
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const people = useQuery(api.annotate.annotators.queryOptions());
  const project = useProject();
  const text = useLibraryView((view) => view.text).trim();
  const sourceId = useLibraryView((view) => view.sourceId);
  const status = useLibraryView((view) => view.status);
  const where = useLibraryView((view) => view.where);
  const filter = { text, sourceId, status, where };
  const isFiltered = text !== '' || sourceId !== null || status !== 'all' || Object.keys(where).length > 0;
  const shownCount = useQuery(api.library.count.queryOptions({ input: filter, enabled: isFiltered }));
  const annotatorId = people.data?.find(({ current }) => current)?.id ?? null;
  const problems = problemsOf(draft);
  const isWrong = Object.keys(problems).length > 0;
  const begin = useMutation({
    mutationFn: async () => {
      const name = suggestedName(project?.name ?? '', draft);
      const inWindow = info.data?.host === 'window';
      const out = inWindow ? await client.app.pickFile({ purpose: 'export', name }) : null;
      if (inWindow && out === null) return;
      void runDataExport(requestOf(draft, { filter, annotatorId }), name, out);
    },
  });
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s4)' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWrong) begin.mutate();
      }}
    >
      {failure !== null && <FailureCard failure={failure} />}
      <fieldset className={css.choices}>
        <legend className="label">For</legend>
        <div className={css.shapes}>
          {SHAPES.map(({ shape, name, says }) => (
            <label key={shape} className={css.choice}>
              <input
                type="radio"
                name="shape"
                checked={draft.shape === shape}
                onChange={() => set({ shape })}
                {...(draft.shape === shape ? { 'data-autofocus': true } : {})}
              />
              <span>
                <b>{name}</b>
                <span className="small muted">{says}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className={css.columns}>
        <fieldset className={css.choices}>
          <legend className="label">File</legend>
          <div className="row" style={{ gap: 'var(--s4)', flexWrap: 'wrap' }}>
            {FILES.map(({ file, name }) => (
              <label key={file} className={css.plainChoice}>
                <input
                  type="radio"
                  name="file"
                  checked={draft.file === file}
                  onChange={() => set({ file })}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset className={css.choices}>
          <legend className="label">Pairs</legend>
          <div className="row" style={{ gap: 'var(--s4)', flexWrap: 'wrap' }}>
            <label className={css.plainChoice}>
              <input
                type="radio"
                name="pairs"
                checked={!draft.shownOnly}
                onChange={() => set({ shownOnly: false })}
              />
              All {project ? formatCount(project.counts.pairs) : ''}
            </label>
            <label className={css.plainChoice} data-off={!isFiltered || undefined}>
              <input
                type="radio"
                name="pairs"
                checked={draft.shownOnly}
                disabled={!isFiltered}
                onChange={() => set({ shownOnly: true })}
              />
              {isFiltered
                ? `What the Library shows: ${shownCount.data === undefined ? '…' : formatCount(shownCount.data.total)}`
                : 'What the Library shows (no filter is on)'}
            </label>
          </div>
        </fieldset>
      </div>
      <LabelFields
        draft={draft}
        set={set}
        people={(people.data ?? []).map(({ name }) => name)}
        prefers={prefers(draft)}
      />
      <SplitFields draft={draft} set={set} problems={problems} />
      <ErrorCard error={begin.error} />
      <div className="row">
        <span className="small muted">
          A card goes with it: counts, agreement, how length and side go with choice, what was left out.
        </span>
        <span className="grow" />
        <Button onClick={closeDataExport}>Cancel</Button>
        <Button type="submit" variant="filled" loading={begin.isPending} disabled={isWrong}>
          {info.data?.host === 'window' ? 'Export…' : 'Export'}
        </Button>
      </div>
    </form>
  );
}
