import type { Outputs } from '#shared/contract.ts';
import { MarkedTurns } from '../../components/prose/MarkedTurns.tsx';
import { formatCount, formatFigure } from '../../format.ts';
import css from './codes.module.css';
import { likenessWords } from './likenessWords.ts';

interface Props {
  readonly probed: Outputs['codes']['probe'];
  readonly onPrompt: (promptId: number) => void;
}

/** Prompts trained on that are nearest to a typed one; says where none is near. */
export function NearestPrompts({ probed, onPrompt }: Props) {
  const { nearest, known } = probed;
  if (nearest.length === 0) return null;
  const { text, unlike } = likenessWords(probed);
  return (
    <div className="stack">
      <span className={unlike ? css.unlike : 'small muted'} role="status">
        {text}
      </span>
      <ol className={css.prompts} aria-label="Nearest prompts">
        {nearest.map((prompt) => (
          <li key={prompt.promptId}>
            <button
              type="button"
              className={css.prompt}
              title={`${prompt.source}: ${prompt.text}`}
              onClick={() => onPrompt(prompt.promptId)}
            >
              <span className="ellipsis">
                <MarkedTurns text={prompt.text} />
              </span>
              <span className={`num muted ${css.number}`}>{formatFigure(prompt.distance, 2)}</span>
            </button>
          </li>
        ))}
      </ol>
      <span className="small muted num">
        Distance, 1 − cosine of what the prior reads, of {formatCount(known)} prompts trained on
      </span>
    </div>
  );
}
