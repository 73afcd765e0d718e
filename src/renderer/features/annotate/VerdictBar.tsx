import { Keycap } from '../../components/Keycap.tsx';
import { CHOICES, type Choice, choiceLooks } from './actions.ts';
import css from './annotate.module.css';

interface Props {
  /** The key pressed a moment ago. */
  readonly flash: Choice | null;
  /** The verdict that stands on an item decided before. */
  readonly standing: Choice | null;
  readonly disabled: boolean;
  readonly onChoose: (choice: Choice) => void;
}

/** One button a verdict, its keys on it. */
export function VerdictBar({ flash, standing, disabled, onChoose }: Props) {
  return (
    <div className={css.verdicts} role="toolbar" aria-label="Verdict">
      {CHOICES.map((choice) => (
        <button
          key={choice}
          type="button"
          className={css.verdict}
          data-choice={choice}
          data-flash={flash === choice || undefined}
          data-standing={standing === choice || undefined}
          aria-pressed={standing === choice}
          aria-keyshortcuts={choiceLooks[choice].caps[0]}
          disabled={disabled}
          // A click leaves the keyboard where it was: Space would decide the next pair unseen.
          onMouseDown={(event) => event.preventDefault()}
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={({ detail, currentTarget }) => {
            if (detail > 0) currentTarget.blur();
            onChoose(choice);
          }}
        >
          {choiceLooks[choice].label}
          <span className={css.caps}>
            {choiceLooks[choice].caps.map((cap) => (
              <Keycap key={cap}>{cap}</Keycap>
            ))}
          </span>
        </button>
      ))}
    </div>
  );
}
