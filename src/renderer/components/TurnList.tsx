import type { Message } from '#core/preference.ts';
import css from './MessageExtras.module.css';
import { MessageCalls, MessageExtras } from './MessageExtras.tsx';
import { Prose } from './prose/Prose.tsx';
import { ROLE_NAMES } from './roleNames.ts';

interface Props {
  readonly turns: readonly Message[];
  readonly as?: 'markdown' | 'source';
}

/** A reply that is more than one text, turn by turn; who speaks is said where there are several. */
export function TurnList({ turns, as = 'markdown' }: Props) {
  return [...turns.entries()].map(([position, message]) => (
    <div key={position} className={css.turn}>
      {turns.length > 1 && <div className="label">{ROLE_NAMES[message.role]}</div>}
      <MessageExtras message={message} />
      {message.content !== '' && <Prose text={message.content} as={as} />}
      <MessageCalls message={message} />
    </div>
  ));
}
