import { type ReactNode, useRef, useState } from 'react';
import { PLAIN_RULES, type VerdictRules } from '#core/verdictAttributes.ts';
import { Loading } from '../../components/Loading.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { useIsOwner } from '../../state/me.ts';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { useProject } from '../../state/project.ts';
import { useWaitLabel } from '../library/useWaitLabel.ts';
import { AnnotateBar } from './AnnotateBar.tsx';
import { type AnnotateAction, type Choice, choiceOf, isChoice } from './actions.ts';
import css from './annotate.module.css';
import { redoLatest, undoLatest, useAnnotation } from './annotationStore.ts';
import { BreakReminder } from './BreakReminder.tsx';
import { type DeskDialog, DeskDialogs } from './DeskDialogs.tsx';
import { DeskPane } from './DeskPane.tsx';
import { deskKeys } from './deskKeys.ts';
import { GuidelineNews } from './GuidelineNews.tsx';
import { useKeyMap } from './keys/keyStore.ts';
import { PairBoundary } from './PairBoundary.tsx';
import { PairView } from './PairView.tsx';
import { RankBar } from './ranking/RankBar.tsx';
import { RankStep } from './ranking/RankQuestions.tsx';
import { RankView } from './ranking/RankView.tsx';
import { useEnter } from './ranking/useEnter.ts';
import { useRanking } from './ranking/useRanking.ts';
import { SaveFailure } from './SaveFailure.tsx';
import { counts, redoable, undoable } from './sessionView.ts';
import { decisionLabel } from './stepWords.ts';
import { isOffered, useDeskCommands } from './useDeskCommands.ts';
import { useDeskPane } from './useDeskPane.ts';
import type { DeskPlace } from './useDeskPlace.ts';
import { useFlash } from './useFlash.ts';
import { useGuidelineNews } from './useGuidelineNews.ts';
import { useReplyScroll } from './useReplyScroll.ts';
import { useVerdict } from './useVerdict.ts';
import { useVisibleTimer } from './useVisibleTimer.ts';
import { useWriting } from './useWriting.ts';
import { VerdictBar } from './VerdictBar.tsx';
import { VerdictDetails } from './VerdictDetails.tsx';
import { isHeld, isQuestion } from './verdictDraft.ts';

interface Props {
  readonly place: DeskPlace;
  /** In the place of a pair where there is none. */
  readonly finished: ReactNode;
  readonly above: ReactNode;
}

/** How far each key scrolls, pages. */
const SCROLLED = { scrollDown: 0.2, scrollUp: -0.2, pageDown: 0.9, pageUp: -0.9 } as const;
const isScroll = (action: AnnotateAction): action is keyof typeof SCROLLED => action in SCROLLED;

/** The desk itself: prompt, two replies, verdict buttons, history. */
export function AnnotationDesk({ place, finished, above }: Props) {
  const session = useAnnotation();
  const rules = useProject()?.settings.verdict ?? PLAIN_RULES;
  const waitLabel = useWaitLabel('Saving…');
  const item = session.items[0];
  const { replyText: as, scrollTogether } = usePreferences();
  const [diffOn, setDiffOn] = useState(false);
  const [tall, setTall] = useState(false);
  const pane = useDeskPane();
  const news = useGuidelineNews();
  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const flash = useFlash();
  const readVisibleMs = useVisibleTimer(item?.pairId ?? null);
  const left = useRef<HTMLDivElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const scroll = useReplyScroll(left, right, item?.pairId, scrollTogether);
  const [writing, write] = useWriting(item?.pairId);
  const hand = useVerdict(item, rules, readVisibleMs, (choice) => {
    flash.show(choice);
    // A pair asked for by name is done: the address goes back to the queue.
    if (place.pairId !== null) place.goOn();
  });

  const ranking = useRanking(item, rules, hand, readVisibleMs, () => place.pairId !== null && place.goOn());
  useEnter(ranking === null ? null : ranking.give);
  const kind = ranking === null ? 'pair' : 'set';
  // Of a set, strength and aspects are asked in its own way.
  const asked: VerdictRules = ranking === null ? rules : { ...rules, strength: 'none', aspects: [] };
  /** Since this person was last told, else in the version in force. */
  const showChanges = () => {
    const from = news.since ?? news.number - 1;
    pane.showChanges(from > 0 ? from : null);
    if (news.since !== null) news.close();
  };

  const isOwner = useIsOwner();
  const keys = useKeyMap();
  const act = (action: AnnotateAction) => {
    if (!isOffered(action, rules, isOwner) || ranking?.act(action)) return;
    if (isChoice(action)) hand.choose(action);
    else if (action === 'undo') undoLatest();
    else if (action === 'redo') redoLatest();
    else if (action === 'diff') setDiffOn((on) => !on);
    else if (action === 'source') setPreferences({ replyText: as === 'markdown' ? 'source' : 'markdown' });
    else if (action === 'link') setPreferences({ scrollTogether: !scrollTogether });
    else if (action === 'tall') setTall((on) => !on);
    else if (action === 'pane') pane.toggleHistory();
    else if (action === 'guidelines') pane.toggleGuidelines();
    else if (action === 'changes') showChanges();
    else if (action === 'tokens' || action === 'order' || action === 'session') setDialog(action);
    else if (action === 'editLeft') write(item?.left.key ?? null);
    else if (action === 'editRight') write(item?.right.key ?? null);
    else if (action === 'third') write('third');
    else if (isScroll(action)) scroll(SCROLLED[action]);
    else if (isQuestion(action)) hand.ask(action);
  };
  const letGo = isHeld(hand.draft) ? hand.letGo : ranking?.isHeld ? ranking.letGo : null;
  useScreenKeys(deskKeys(kind, keys, act, ranking ?? hand, letGo));

  const numbers = counts(session);
  const takesBack = undoable(session);
  const bringsBack = redoable(session);
  const changeKeys = () => setDialog('keys');
  useDeskCommands({ kind, act, changeKeys, keys, rules, isOwner, undo: takesBack, redo: bringsBack });

  const stands = item === undefined || item.verdict === null ? null : choiceOf(item.verdict, item.left.key);
  const standing: Choice | null = hand.draft.choice ?? stands;
  return (
    <div className={css.screen}>
      <div className={css.top}>
        <AnnotateBar
          item={item}
          counts={numbers}
          undo={takesBack}
          redo={bringsBack}
          diffOn={diffOn}
          guidelinesOpen={pane.shown === 'guidelines'}
          place={place}
          onAction={act}
        />
      </div>
      <div className={css.work}>
        {above}
        <BreakReminder sinceBreakMs={numbers.sinceBreakMs} />
        <GuidelineNews news={news} onShow={showChanges} />
        <SaveFailure />
        {item === undefined ? (
          session.operations.length > 0 ? (
            <Loading label={waitLabel} />
          ) : (
            finished
          )
        ) : (
          <PairBoundary pairId={item.pairId}>
            {ranking !== null ? (
              <RankView item={item} hand={ranking} as={as} tall={tall} body={left} />
            ) : (
              <PairView
                item={item}
                as={as}
                tall={tall}
                diffOn={diffOn}
                standing={standing}
                left={left}
                right={right}
                writing={writing}
                onWrite={write}
              />
            )}
          </PairBoundary>
        )}
      </div>
      <div className={css.foot}>
        {item !== undefined && <VerdictDetails rules={asked} hand={hand} leftKey={item.left.key} />}
        {ranking !== null && <RankStep hand={ranking} />}
        {ranking !== null ? (
          <RankBar hand={ranking} />
        ) : (
          <VerdictBar
            flash={flash}
            standing={standing}
            strength={hand.draft.said.strength}
            scale={rules.strength}
            disabled={item === undefined}
            onChoose={hand.choose}
          />
        )}
      </div>
      <DeskPane
        pane={pane}
        item={item}
        last={takesBack}
        lastSaved={session.operations.length === 0}
        kind={kind}
        rules={rules}
        onChangeKeys={changeKeys}
      />
      <span className="visually-hidden" role="status">
        {takesBack === null ? '' : `${decisionLabel(takesBack)}. Next pair.`}
      </span>
      <DeskDialogs item={item} open={dialog} place={place} counts={numbers} onClose={() => setDialog(null)} />
    </div>
  );
}
