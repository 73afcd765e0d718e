import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { navigate } from '../../state/screen.ts';
import { Section } from '../settings/Section.tsx';
import { AddModel } from './AddModel.tsx';
import css from './models.module.css';
import { modelWords } from './modelWords.ts';

/** What can be trained and talked to in this project. */
export function ModelShelf() {
  const models = useQuery(api.models.list.queryOptions());
  return (
    <Section title="Models">
      <ErrorCard error={models.error} onRetry={() => void models.refetch()} />
      {models.isPending && <Loading label="Reading the models…" />}
      {models.data?.length === 0 && (
        <p className="muted">No model yet: add a folder, or download one below.</p>
      )}
      <ul className={css.list} aria-label="Models">
        {models.data?.map((model) => (
          <li key={model.id} className={css.item}>
            <div className={css.head}>
              <b>{model.name}</b>
              {model.bundled && <Chip tone="accent">bundled</Chip>}
              {!model.exists && <Chip tone="bad">folder is gone</Chip>}
              <span className="grow" />
              <Button
                size="compact-xs"
                variant="subtle"
                disabled={!model.exists}
                onClick={() => navigate('playground', { model: String(model.id) })}
              >
                Talk to it
              </Button>
            </div>
            <span className="small muted num">{modelWords(model)}</span>
            {!model.bundled && <span className={`small faint mono ${css.path}`}>{model.path}</span>}
            {!model.exists && (
              <span className="small">
                Put the folder back, or add the model from its new place: its runs need it.
              </span>
            )}
          </li>
        ))}
      </ul>
      <AddModel />
    </Section>
  );
}
