import { Button } from '@mantine/core';
import type { Model } from '#shared/entities.ts';
import { Chip } from '../../../components/Chip.tsx';
import { navigate } from '../../../state/screen.ts';
import { AddModel } from '../../models/AddModel.tsx';
import { modelWords } from '../../models/modelWords.ts';
import css from './form.module.css';

interface Props {
  readonly models: readonly Model[];
  readonly modelId: number | null;
  readonly onModel: (modelId: number) => void;
}

export function ModelPicker({ models, modelId, onModel }: Props) {
  return (
    <>
      <div className={css.cards}>
        {models.map((model) => (
          <button
            key={model.id}
            type="button"
            className={css.card}
            aria-pressed={model.id === modelId}
            disabled={!model.exists}
            onClick={() => onModel(model.id)}
          >
            <span className="row">
              <b className="ellipsis">{model.name}</b>
              {model.bundled && <Chip tone="accent">bundled</Chip>}
              {!model.exists && <Chip tone="bad">folder is gone</Chip>}
            </span>
            <span className="small muted num">{modelWords(model)}</span>
            {!model.bundled && <span className="small faint">{model.path}</span>}
          </button>
        ))}
      </div>
      <div className={css.addModel}>
        <AddModel onAdded={({ id }) => onModel(id)} />
        <Button variant="subtle" onClick={() => navigate('settings', { part: 'models' })}>
          Download one…
        </Button>
      </div>
    </>
  );
}
