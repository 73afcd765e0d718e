import {
  IconAdjustmentsHorizontal,
  IconPin,
  IconPinFilled,
  IconTargetArrow,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { CodeSwatch } from '../../components/Code.tsx';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { type CodeMix, cannotMute, only, setWeight, toggleMute, togglePin } from './codeMix.ts';
import css from './playground.module.css';

type Change = (mix: CodeMix, start: readonly number[]) => CodeMix;

interface Props {
  readonly code: number;
  readonly mix: CodeMix;
  /** p(z|x) of this code for the last prompt. */
  readonly prior: number | null;
  /** False until there is a weight to show: the prior has not seen a prompt yet. */
  readonly known: boolean;
  /** Fires on no prompt of the project. */
  readonly dead: boolean;
  readonly onChange: (change: Change) => void;
  /** Draws replies with its weight from 0 to 1; absent until there is a prompt. */
  readonly onSweep?: (() => void) | undefined;
}

/** One code: its weight as a slider and a number; alone, pinned or muted. */
export function CodeRow({ code, mix, prior, known, dead, onChange, onSweep }: Props) {
  const scheme = useColourScheme();
  const weight = mix.weights[code] ?? 0;
  const pinned = mix.pinned[code] === true;
  const muted = mix.muted[code] === true;
  const set = (value: number) => onChange((before, start) => setWeight(before, code, value, start));
  const colours = {
    '--code': codeColour(code, scheme),
    '--share': known ? `${weight * 100}%` : '0%',
    '--prior': `${(prior ?? 0) * 100}%`,
  } as CSSProperties;
  return (
    <div className={css.code} data-muted={muted || undefined} data-dead={dead || undefined} style={colours}>
      <CodeSwatch code={code} {...(dead && { label: `${code} dead` })} />
      <span className={css.slider}>
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={weight}
          aria-label={`Weight of code ${code}`}
          aria-valuetext={known ? weight.toFixed(2) : 'not known yet'}
          onChange={(event) => set(Number(event.currentTarget.value))}
        />
        {prior !== null && <u aria-hidden="true" title={`prior ${prior.toFixed(2)}`} />}
      </span>
      <WeightNumber code={code} weight={known ? weight : null} onWeight={set} />
      <Toggle
        label={`Sweep the weight of code ${code} from 0 to 1`}
        disabled={onSweep === undefined}
        onClick={() => onSweep?.()}
      >
        <IconAdjustmentsHorizontal size={14} />
      </Toggle>
      <Toggle
        label={`Only code ${code}`}
        onClick={() => onChange((before) => only(before.weights.length, code))}
      >
        <IconTargetArrow size={14} />
      </Toggle>
      <Toggle
        label={`Pin code ${code}`}
        pressed={pinned}
        onClick={() => onChange((before) => togglePin(before, code))}
      >
        {pinned ? <IconPinFilled size={14} /> : <IconPin size={14} />}
      </Toggle>
      <Toggle
        label={`Mute code ${code}`}
        pressed={muted}
        disabled={cannotMute(mix, code)}
        onClick={() => onChange((before, start) => toggleMute(before, code, start))}
      >
        {muted ? <IconVolumeOff size={14} /> : <IconVolume size={14} />}
      </Toggle>
    </div>
  );
}

interface NumberProps {
  readonly code: number;
  readonly weight: number | null;
  readonly onWeight: (weight: number) => void;
}

/** While it is typed the text stays as typed; the weight in force shows again afterwards. */
function WeightNumber({ code, weight, onWeight }: NumberProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      className={css.weight}
      inputMode="decimal"
      aria-label={`Weight of code ${code} as a number, 0 to 1`}
      value={typed ?? weight?.toFixed(2) ?? '–'}
      onFocus={(event) => event.currentTarget.select()}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        const value = Number(currentTarget.value.replace(',', '.'));
        if (currentTarget.value.trim() !== '' && value >= 0 && value <= 1) onWeight(value);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

interface ToggleProps {
  readonly label: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Toggle({ label, pressed, disabled, onClick, children }: ToggleProps) {
  return (
    <button
      type="button"
      className={css.toggle}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
