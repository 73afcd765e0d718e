import type { AspectAnswer, VerdictAttributes, VerdictRules } from '#core/verdictAttributes.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import { type Choice, verdictOf } from './actions.ts';
import { decideCurrent, passOver, useAnnotation } from './annotationStore.ts';
import { draftFor, setDraft, useDrafts } from './deskDrafts.ts';
import { scaleSteps } from './scale.ts';
import { isMoving } from './session.ts';
import {
  type Answered,
  answer,
  answerAspect,
  ask,
  choose,
  EMPTY_DRAFT,
  goOn,
  letGo,
  type Question,
  say,
  type VerdictDraft,
} from './verdictDraft.ts';

export interface VerdictHand {
  readonly draft: VerdictDraft;
  /** Others say otherwise of the pair, and the verdict that stands on it wants a reason. */
  readonly wantsReason: boolean;
  readonly choose: (choice: Choice, strength?: number) => void;
  /** Answers what is asked, or is a step of the scale; false where the digit is neither. */
  readonly digit: (digit: number) => boolean;
  readonly ask: (question: Question) => void;
  readonly answerAspect: (place: number, given: AspectAnswer) => void;
  readonly sure: (confidence: number) => void;
  readonly say: (changes: Partial<VerdictAttributes>) => void;
  /** Enter in a text: goes on, or gives the verdict. */
  readonly goOn: () => void;
  readonly letGo: () => void;
}

/** The verdict on the pair on screen as it comes about, and its giving once nothing is missing. */
export function useVerdict(
  item: AnnotationItem | undefined,
  rules: VerdictRules,
  readVisibleMs: () => number,
  onGiven: (choice: Choice) => void,
): VerdictHand {
  const drafts = useDrafts();
  const why = useAnnotation().server?.why ?? null;
  const wantsReason = item !== undefined && item.pairId === why && item.verdict !== null;
  const draft = item === undefined ? EMPTY_DRAFT : draftFor(drafts, item, wantsReason);

  /** A key that comes before the next pair is on screen decides nothing: nobody has seen that pair. */
  const isShown = (): boolean => {
    const now = useAnnotation.getState();
    return item !== undefined && now.items[0] === item && !isMoving(now);
  };
  const take = ({ draft: next, complete }: Answered): void => {
    if (item === undefined || !isShown()) return;
    if (!complete || next.choice === null) {
      setDraft(item.pairId, next);
      return;
    }
    const verdict = verdictOf(next.choice, item.left.key);
    const silent = (next.said.rationale ?? '').trim() === '';
    // The same again without a reason: it stands already.
    if (wantsReason && silent && verdict === item.verdict) passOver();
    else decideCurrent(verdict, next.said, readVisibleMs());
    setDraft(item.pairId, null);
    onGiven(next.choice);
  };
  const change = (next: VerdictDraft): void => {
    if (item !== undefined && isShown()) setDraft(item.pairId, next);
  };
  const leftKey = item?.left.key ?? 'a';
  const chosen = (choice: Choice, strength: number | null): void =>
    take(choose(draft, choice, strength, rules, leftKey));

  return {
    draft,
    wantsReason,
    choose: (choice, strength) => chosen(choice, strength ?? null),
    digit: (digit) => {
      const answered = answer(draft, digit, rules, leftKey);
      const step = scaleSteps(rules.strength).find((known) => known.digit === digit);
      if (answered !== null) take(answered);
      else if (step !== undefined) chosen(step.choice, step.strength);
      return answered !== null || step !== undefined;
    },
    ask: (question) => change(ask(draft, question, rules)),
    answerAspect: (place, given) => take(answerAspect(draft, place, given, rules, leftKey)),
    sure: (confidence) =>
      take(answer({ ...draft, asking: 'confidence' }, confidence, rules, leftKey) as Answered),
    say: (changes) => change(say(draft, changes)),
    goOn: () => take(goOn(draft, rules, leftKey)),
    letGo: () => change(letGo(draft)),
  };
}
