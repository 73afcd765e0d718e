import type { ReactNode } from 'react';
import { Keycap } from '../../../components/Keycap.tsx';
import type { AnnotateAction } from '../actions.ts';
import css from '../annotate.module.css';
import { useCap } from '../keys/keyStore.ts';
import own from './ranking.module.css';
import type { RankingHand } from './useRanking.ts';

interface Props {
  readonly hand: RankingHand;
}

/** What can be done with an order: a button each, its key on it. */
export function RankBar({ hand }: Props) {
  const cap = useCap();
  const { order, isWhole, tieNext } = hand;
  const button = (
    action: AnnotateAction,
    label: string,
    more: { disabled?: boolean; pressed?: boolean } = {},
  ) => <RankButton label={label} cap={cap(action)} {...more} onPress={() => hand.act(action)} />;
  return (
    <div className={`${css.verdicts} ${own.bar}`} role="toolbar" aria-label="Ranking">
      <RankButton
        label="Save ranking"
        cap="Enter"
        isMain
        disabled={!isWhole && hand.about === null}
        onPress={hand.give}
      />
      {button('even', 'Tie', { disabled: order.length === 0, pressed: tieNext })}
      {button('better', 'Up', { disabled: order.length === 0 })}
      {button('worse', 'Down', { disabled: order.length === 0 })}
      {button('takeOff', 'Take off', { disabled: order.length === 0 })}
      {button('both_bad', 'All bad')}
      {button('skip', 'Skip')}
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly cap: string | undefined;
  readonly isMain?: boolean;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly onPress: () => void;
}

function RankButton({
  label,
  cap,
  isMain = false,
  disabled = false,
  pressed,
  onPress,
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={css.verdict}
      data-standing={(isMain && !disabled) || pressed || undefined}
      aria-pressed={pressed}
      aria-keyshortcuts={cap}
      disabled={disabled}
      // A click leaves the keyboard where it was: Space would press it again.
      onMouseDown={(event) => event.preventDefault()}
      onClick={({ detail, currentTarget }) => {
        if (detail > 0) currentTarget.blur();
        onPress();
      }}
    >
      <span className={css.verdictName}>{label}</span>
      {cap !== undefined && <Keycap>{cap}</Keycap>}
    </button>
  );
}
