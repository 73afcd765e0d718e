import { Button, Textarea } from '@mantine/core';
import type { KeyboardEvent, RefObject } from 'react';
import { Keycap } from '../../components/Keycap.tsx';
import { openNewPairs } from '../newPairs/newPairsStore.ts';
import { stopGenerating } from './generate.ts';
import { KeptPair } from './KeptPair.tsx';
import { pairToKeep } from './lanes.ts';
import css from './playground.module.css';
import { setPlayground, usePlayground } from './playgroundStore.ts';
import { checkSampling } from './samplingDraft.ts';
import { type PlaygroundActions, whyNotKeep } from './usePlaygroundActions.ts';

interface Props {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly actions: PlaygroundActions;
}

/** The message, its Send, and one line that says what is on screen. */
export function AskBar({ box, actions }: Props) {
  const state = usePlayground();
  const ready = state.draft.trim() !== '' && checkSampling(state.sampling).request !== null;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      if (state.busy) stopGenerating();
      else event.currentTarget.blur();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    if (ready) actions.send();
  };
  return (
    <div className={css.ask}>
      <div className={css.askState} role="status">
        <AskState />
      </div>
      <div className={css.askRow}>
        <Textarea
          ref={box}
          className="grow"
          aria-label="Message"
          aria-keyshortcuts="/"
          placeholder="Write a message. Enter sends it, Shift Enter makes a new line."
          autosize
          minRows={1}
          maxRows={8}
          value={state.draft}
          onChange={({ currentTarget }) => setPlayground({ draft: currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        {state.busy ? (
          <Button
            miw="6.2rem"
            aria-keyshortcuts="Escape"
            rightSection={<Keycap>Esc</Keycap>}
            onClick={stopGenerating}
          >
            Stop
          </Button>
        ) : (
          <Button
            miw="6.2rem"
            variant="filled"
            aria-keyshortcuts="Enter"
            rightSection={<Keycap>⏎</Keycap>}
            disabled={!ready}
            onClick={actions.send}
          >
            Send
          </Button>
        )}
      </div>
    </div>
  );
}

const short = (text: string): string => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

function AskState() {
  const { kept, asked, draft, system, turns, lanes, picked, busy } = usePlayground();
  if (kept !== null) return <KeptPair kept={kept} />;
  const last = asked?.at(-1)?.content;
  const same = !busy && pairToKeep(lanes, picked).length === 2 && whyNotKeep(pairToKeep(lanes, picked));
  return (
    <>
      <span className="ellipsis">
        {same
          ? `${same} N draws them with another seed.`
          : last !== undefined && last !== draft
            ? `The replies answer: “${short(last)}”`
            : turns.length > 0
              ? `Turn ${Math.floor(turns.length / 2) + 1} of the conversation`
              : ''}
      </span>
      <span className="grow" />
      <button type="button" className={css.linkButton} onClick={openNewPairs}>
        Many pairs at once…
      </button>
      {system === null && (
        <button type="button" className={css.linkButton} onClick={() => setPlayground({ system: '' })}>
          Add a system message
        </button>
      )}
    </>
  );
}
