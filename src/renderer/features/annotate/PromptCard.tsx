import { useEffect, useRef } from 'react';
import type { Message } from '#core/preference.ts';
import { MessageCalls, MessageExtras } from '../../components/MessageExtras.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import { ROLE_NAMES } from '../../components/roleNames.ts';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import css from './annotate.module.css';

interface Props {
  readonly messages: readonly Message[];
  readonly tall: boolean;
  readonly as: 'markdown' | 'source';
}

/** The prompt, turn by turn; a long talk opens at its end, where the question is. Its height never changes by itself. */
export function PromptCard({ messages, tall, as }: Props) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = card.current;
    // To read or set it lays the page out once more: where there is one turn it stands at the start already.
    if (element !== null && messages.length > 1) element.scrollTop = element.scrollHeight;
  }, [messages]);
  const single = messages.length === 1 && messages[0]?.role === 'user';
  return (
    <div className={`card ${css.prompt}`} data-tall={tall || undefined}>
      <ScrollRegion label="Prompt" className={css.promptBody} ref={card}>
        {[...messages.entries()].map(([position, message]) => (
          <div key={position} className={css.turn} data-role={single ? undefined : message.role}>
            <div className={`label ${css.turnRole}`}>{single ? 'Prompt' : ROLE_NAMES[message.role]}</div>
            <MessageExtras message={message} />
            {message.content !== '' && <Prose text={message.content} as={as} />}
            <MessageCalls message={message} />
          </div>
        ))}
      </ScrollRegion>
    </div>
  );
}
