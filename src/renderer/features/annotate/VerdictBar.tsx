import type { ReactNode } from 'react';
import type { StrengthScale } from '#core/verdictAttributes.ts';
import { Keycap } from '../../components/Keycap.tsx';
import { CHOICES, type Choice, deskActions } from './actions.ts';
import css from './annotate.module.css';
import { useKeyMap } from './keys/keyStore.ts';
import { capOf, reaching } from './keys/keyWords.ts';
import { type ScaleStep, scaleSteps, strengthWord } from './scale.ts';
import { type Flash, useFlashed } from './useFlash.ts';

interface Props {
  /** The key pressed a moment ago. */
  readonly flash: Flash;
  /** The verdict that stands on an item decided before, or is chosen and waits for more. */
  readonly standing: Choice | null;
  readonly strength: number | null;
  readonly scale: StrengthScale;
  readonly disabled: boolean;
  readonly onChoose: (choice: Choice, strength?: number) => void;
}

/** One button a verdict, its keys on it; with a scale, one a step. */
export function VerdictBar({ flash: pressed, standing, strength, scale, disabled, onChoose }: Props) {
  const keys = useKeyMap();
  const flash = useFlashed(pressed);
  const steps = scaleSteps(scale);
  const sides =
    steps.length === 0 ? CHOICES : CHOICES.filter((choice) => choice === 'both_bad' || choice === 'skip');
  return (
    <div
      className={css.verdicts}
      role="toolbar"
      aria-label="Verdict"
      data-scale={steps.length > 0 || undefined}
    >
      {steps.map((step) => (
        <VerdictButton
          key={step.digit}
          choice={step.choice}
          label={stepName(step, scale)}
          caps={[String(step.digit)]}
          flash={flash === step.choice}
          standing={standing === step.choice && (step.choice === 'tie' || strength === step.strength)}
          disabled={disabled}
          onPress={() => onChoose(step.choice, step.strength ?? undefined)}
        >
          <span className={css.wideName}>{stepFace(step, scale)}</span>
          <span className={css.narrowName} aria-hidden="true">
            {step.strength === null ? 'Tie' : `${SIDE_NAMES[step.choice].charAt(0)}${step.strength}`}
          </span>
        </VerdictButton>
      ))}
      {sides.map((choice) => (
        <VerdictButton
          key={choice}
          choice={choice}
          label={deskActions[choice].label}
          caps={reaching(keys[choice], scale).slice(0, 2).map(capOf)}
          flash={flash === choice}
          standing={standing === choice}
          disabled={disabled}
          onPress={() => onChoose(choice)}
        >
          {deskActions[choice].label}
        </VerdictButton>
      ))}
    </div>
  );
}

const SIDE_NAMES = { left: 'Left', right: 'Right', tie: 'Tie' } as const;
const word = ({ strength }: ScaleStep, scale: StrengthScale): string =>
  strength === null ? '' : (strengthWord(scale, strength) ?? '');

/** `Left much better`. */
const stepName = (step: ScaleStep, scale: StrengthScale): string =>
  step.strength === null ? SIDE_NAMES[step.choice] : `${SIDE_NAMES[step.choice]} ${word(step, scale)} better`;

/** What fits on one of nine buttons: the strongest step names its side. */
function stepFace(step: ScaleStep, scale: StrengthScale): string {
  if (step.strength === null) return 'Tie';
  const text = word(step, scale);
  const isEnd = step.digit === 1 || step.digit === scaleSteps(scale).length;
  return isEnd ? `${SIDE_NAMES[step.choice]} ${text}` : text;
}

interface ButtonProps {
  readonly choice: Choice;
  readonly label: string;
  readonly caps: readonly string[];
  readonly flash: boolean;
  readonly standing: boolean;
  readonly disabled: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function VerdictButton({ choice, label, caps, flash, standing, disabled, onPress, children }: ButtonProps) {
  return (
    <button
      type="button"
      className={css.verdict}
      data-choice={choice}
      data-flash={flash || undefined}
      data-standing={standing || undefined}
      aria-label={label}
      title={label}
      aria-pressed={standing}
      aria-keyshortcuts={caps[0]}
      disabled={disabled}
      // A click leaves the keyboard where it was: Space would decide the next pair unseen.
      onMouseDown={(event) => event.preventDefault()}
      onKeyDown={(event) => event.repeat && event.preventDefault()}
      onClick={({ detail, currentTarget }) => {
        if (detail > 0) currentTarget.blur();
        onPress();
      }}
    >
      <span className={css.verdictName}>{children}</span>
      <span className={css.caps}>
        {caps.map((cap) => (
          <Keycap key={cap}>{cap}</Keycap>
        ))}
      </span>
    </button>
  );
}
