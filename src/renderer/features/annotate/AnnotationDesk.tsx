import { type ReactNode, useRef, useState } from 'react';
import { FailureCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { useProject } from '../../state/project.ts';
import { useWaitLabel } from '../library/useWaitLabel.ts';
import { TokenViewDialog } from '../tokens/TokenViewDialog.tsx';
import { AnnotateBar } from './AnnotateBar.tsx';
import { type AnnotateAction, actionKeys, CHOICES, type Choice, choiceOf, verdictOf } from './actions.ts';
import css from './annotate.module.css';
import { decideCurrent, redoLatest, retrySave, undoLatest, useAnnotation } from './annotationStore.ts';
import { GuidelinesDialog } from './GuidelinesDialog.tsx';
import { HistoryPane } from './HistoryPane.tsx';
import { PairBoundary } from './PairBoundary.tsx';
import { PairView } from './PairView.tsx';
import { isMoving, type Operation } from './session.ts';
import { counts, redoable, undoable } from './sessionView.ts';
import { decisionLabel } from './stepWords.ts';
import { useDeskCommands } from './useDeskCommands.ts';
import type { DeskPlace } from './useDeskPlace.ts';
import { useFlash } from './useFlash.ts';
import { usePane } from './usePane.ts';
import { useReplyScroll } from './useReplyScroll.ts';
import { useVisibleTimer } from './useVisibleTimer.ts';
import { VerdictBar } from './VerdictBar.tsx';

const isChoice = (action: AnnotateAction): action is Choice => CHOICES.some((choice) => choice === action);

interface Props {
  readonly place: DeskPlace;
  /** In the place of a pair where there is none. */
  readonly finished: ReactNode;
  readonly above: ReactNode;
}

/** The desk itself: prompt, two replies, verdict buttons, history. */
export function AnnotationDesk({ place, finished, above }: Props) {
  const session = useAnnotation();
  const project = useProject();
  const waitLabel = useWaitLabel('Saving…');
  const item = session.items[0];
  const { replyText: as, scrollTogether } = usePreferences();
  const [diffOn, setDiffOn] = useState(false);
  const [tall, setTall] = useState(false);
  const [paneOpen, togglePane] = usePane();
  const [tokensOpen, setTokensOpen] = useState(false);
  const [guidelinesOpen, setGuidelinesOpen] = useState(false);
  const [flash, showFlash] = useFlash();
  const readVisibleMs = useVisibleTimer(item?.pairId ?? null);
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const scroll = useReplyScroll(left, right, item?.pairId, scrollTogether);

  const act = (action: AnnotateAction) => {
    if (isChoice(action)) {
      // A key that comes before the next pair is on screen decides nothing: nobody has seen that pair.
      const now = useAnnotation.getState();
      if (item === undefined || now.items[0] !== item || isMoving(now)) return;
      showFlash(action);
      decideCurrent(verdictOf(action, item.left.key), readVisibleMs());
      // A pair asked for by name is done: the address goes back to the queue.
      if (place.pairId !== null) place.goOn();
    } else if (action === 'undo') undoLatest();
    else if (action === 'redo') redoLatest();
    else if (action === 'diff') setDiffOn((on) => !on);
    else if (action === 'source') setPreferences({ replyText: as === 'markdown' ? 'source' : 'markdown' });
    else if (action === 'link') setPreferences({ scrollTogether: !scrollTogether });
    else if (action === 'tall') setTall((on) => !on);
    else if (action === 'pane') togglePane();
    else if (action === 'tokens') setTokensOpen(true);
    else setGuidelinesOpen(true);
  };
  useScreenKeys({
    ...Object.fromEntries(
      actionKeys.map(([key, action]) => [
        key,
        (event: KeyboardEvent) => (event.repeat ? undefined : act(action)),
      ]),
    ),
    ...scroll,
  });

  const takesBack = undoable(session);
  const bringsBack = redoable(session);
  useDeskCommands(act, takesBack, bringsBack);

  const standing = item === undefined || item.verdict === null ? null : choiceOf(item.verdict, item.left.key);
  return (
    <div className={css.screen}>
      <div className={css.top}>
        <AnnotateBar
          item={item}
          counts={counts(session)}
          undo={takesBack}
          redo={bringsBack}
          diffOn={diffOn}
          place={place}
          onAction={act}
        />
      </div>
      <div className={css.work}>
        {above}
        {session.failure !== null && (
          <FailureCard
            failure={{
              ...session.failure,
              message: failureWords(session.operations[0], session.failure.message),
            }}
            onRetry={retrySave}
          />
        )}
        {item === undefined ? (
          session.operations.length > 0 ? (
            <Loading label={waitLabel} />
          ) : (
            finished
          )
        ) : (
          <PairBoundary pairId={item.pairId}>
            <PairView
              item={item}
              as={as}
              tall={tall}
              diffOn={diffOn}
              standing={standing}
              left={left}
              right={right}
            />
          </PairBoundary>
        )}
      </div>
      <VerdictBar flash={flash} standing={standing} disabled={item === undefined} onChoose={act} />
      {paneOpen && (
        <div className={css.paneSlot}>
          <HistoryPane current={item} last={takesBack} lastSaved={session.operations.length === 0} />
        </div>
      )}
      <span className="visually-hidden" role="status">
        {takesBack === null ? '' : `${decisionLabel(takesBack)}. Next pair.`}
      </span>
      <TokenViewDialog
        pairId={tokensOpen && item !== undefined ? item.pairId : null}
        replies={
          item === undefined
            ? []
            : [
                { key: item.left.key, name: 'Left' },
                { key: item.right.key, name: 'Right' },
              ]
        }
        onClose={() => setTokensOpen(false)}
      />
      {project && (
        <GuidelinesDialog
          opened={guidelinesOpen}
          project={project}
          onClose={() => setGuidelinesOpen(false)}
        />
      )}
    </div>
  );
}

function failureWords(first: Operation | undefined, message: string): string {
  if (first?.kind === 'undo') return `Nothing was taken back: ${message}`;
  if (first?.kind === 'redo') return `Nothing was redone: ${message}`;
  return `Your verdict is not saved yet: ${message}`;
}
