import { Button, CloseButton, Textarea } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Prose } from '../../components/prose/Prose.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import css from './playground.module.css';
import { backToTurn, clearConversation, setPlayground, usePlayground } from './playgroundStore.ts';

/** What the model reads before the message in the box: a system message and earlier turns. */
export function Turns() {
  const { system, turns, busy } = usePlayground();
  const region = useRef<HTMLDivElement>(null);
  const count = turns.length;
  useEffect(() => {
    if (region.current !== null && count > 0) region.current.scrollTop = region.current.scrollHeight;
  }, [count]);
  if (system === null && count === 0) return null;
  return (
    <ScrollRegion label="Conversation so far" className={css.turns} ref={region}>
      {system !== null && (
        <div className={css.turn}>
          <span className="label">System</span>
          <Textarea
            className="grow"
            aria-label="System message"
            placeholder="How the assistant should behave"
            autosize
            minRows={1}
            maxRows={6}
            value={system}
            onChange={({ currentTarget }) => setPlayground({ system: currentTarget.value })}
          />
          <CloseButton
            aria-label="Leave the system message out"
            onClick={() => setPlayground({ system: null })}
          />
        </div>
      )}
      {[...turns.entries()].map(([position, { role, content }]) => (
        <div key={position} className={css.turn} data-role={role}>
          <span className="label">{role === 'user' ? 'You' : 'Reply'}</span>
          <div className="grow">
            <Prose text={content} />
          </div>
          {role === 'user' && (
            <Button size="compact-xs" variant="subtle" disabled={busy} onClick={() => backToTurn(position)}>
              Change from here
            </Button>
          )}
        </div>
      ))}
      {count > 0 && (
        <Button size="compact-xs" variant="subtle" color="gray" disabled={busy} onClick={clearConversation}>
          Start anew
        </Button>
      )}
    </ScrollRegion>
  );
}
