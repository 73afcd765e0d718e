import { Button, Switch, Textarea } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Loading } from '../../components/Loading.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { formatCount } from '../../format.ts';
import { useDrawnCommands } from '../../state/commands.ts';
import { usePreferences } from '../../state/preferences.ts';
import { navigate } from '../../state/screen.ts';
import { type Choice, choiceOf } from '../annotate/actions.ts';
import css from '../annotate/annotate.module.css';
import { choiceCommands, choiceKeys } from '../annotate/deskKeys.ts';
import { useCap, useKeyMap } from '../annotate/keys/keyStore.ts';
import { withKey } from '../annotate/keys/keyWords.ts';
import { PairView } from '../annotate/PairView.tsx';
import { useFlash } from '../annotate/useFlash.ts';
import { useVisibleTimer } from '../annotate/useVisibleTimer.ts';
import { VerdictBar } from '../annotate/VerdictBar.tsx';
import { StatedVerdicts } from './StatedVerdicts.tsx';
import { useAdjudication } from './useAdjudication.ts';

/** Pairs on which people differ: what each said and why, and the verdict that settles it. */
export function AdjudicationScreen() {
  const [blind, setBlind] = useState(false);
  const [rationale, setRationale] = useState('');
  const { queue, decide, undo, canUndo, pass } = useAdjudication(blind);
  const { replyText: as } = usePreferences();
  const flash = useFlash();
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const why = useRef<HTMLTextAreaElement>(null);
  const item = queue.data?.item ?? null;
  const pairId = item?.pair.pairId ?? null;
  const readVisibleMs = useVisibleTimer(pairId);
  const keys = useKeyMap();
  const cap = useCap();
  const busy = decide.isPending || undo.isPending;
  const choose = (choice: Choice) => {
    if (item === null || busy) return;
    flash.show(choice);
    const said = { rationale, durationMs: readVisibleMs() };
    if (choice !== 'skip') return decide.mutate({ choice, ...said }, { onSuccess: () => setRationale('') });
    setRationale('');
    pass(item.pair.pairId);
  };
  useScreenKeys({
    ...Object.fromEntries(keys.rationale.map((key) => [key, () => why.current?.focus()])),
    ...Object.fromEntries(keys.undo.map((key) => [key, () => canUndo && !busy && undo.mutate()])),
    ...choiceKeys(keys, choose),
  });
  useDrawnCommands([
    ...(item === null
      ? []
      : [
          ...choiceCommands(cap, choose),
          { id: 'why', label: 'Why', keyName: cap('rationale'), run: () => why.current?.focus() },
        ]),
    ...(canUndo
      ? [{ id: 'undo', label: 'Undo', keyName: cap('undo'), run: () => !busy && undo.mutate() }]
      : []),
    {
      id: 'blind',
      label: blind ? 'See what they said before deciding' : 'Decide before seeing what they said',
      run: () => setBlind(!blind),
    },
    { id: 'queue', label: 'To the queue', run: () => navigate('annotate') },
  ]);
  const decision = item?.decision ?? null;
  return (
    <div className={css.screen}>
      <div className={css.top}>
        <ScreenBar
          title="Disagreements"
          actions={
            <>
              <Switch
                size="xs"
                label="Decide before seeing what they said"
                checked={blind}
                onChange={(event) => setBlind(event.currentTarget.checked)}
              />
              <KeyButton
                variant="subtle"
                color="gray"
                keyName={cap('undo')}
                disabled={!canUndo || busy}
                onClick={() => undo.mutate()}
              >
                Undo
              </KeyButton>
              <Button onClick={() => navigate('annotate')}>To the queue</Button>
            </>
          }
        >
          {queue.data !== undefined && (
            <span className="small muted num" role="status">
              {`${formatCount(queue.data.open)} open, ${formatCount(queue.data.settled)} settled`}
            </span>
          )}
        </ScreenBar>
      </div>
      <div className={css.work}>
        <ErrorCard error={queue.error ?? decide.error ?? undo.error} />
        {queue.data === undefined && queue.error === null && <Loading label="Looking for disagreements…" />}
        {queue.data !== undefined && item === null && (
          <EmptyState icon={<IconScale />} title="Nothing to settle">
            {queue.data.settled === 0
              ? 'People say the same of every pair that two of them have labelled.'
              : 'Every disagreement is settled. Undo takes the last decision back.'}
          </EmptyState>
        )}
        {item !== null && (
          <>
            <PairView
              item={item.pair}
              as={as}
              tall={false}
              diffOn={false}
              standing={decision === null ? null : choiceOf(decision.verdict, item.pair.left.key)}
              left={left}
              right={right}
              writing={null}
              onWrite={null}
            />
            <StatedVerdicts stated={item.stated} decision={decision} leftKey={item.pair.left.key} />
            <Textarea
              ref={why}
              label={withKey('Why', cap('rationale'))}
              placeholder="Optional; kept with the decision"
              autosize
              minRows={1}
              maxRows={4}
              maxLength={20_000}
              value={rationale}
              onChange={(event) => setRationale(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') event.currentTarget.blur();
              }}
            />
          </>
        )}
      </div>
      <div className={css.foot}>
        <VerdictBar
          flash={flash}
          standing={
            decision === null || item === null ? null : choiceOf(decision.verdict, item.pair.left.key)
          }
          strength={null}
          scale="none"
          disabled={item === null || busy}
          onChoose={choose}
        />
      </div>
    </div>
  );
}
