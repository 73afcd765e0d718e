/** What is being said of the pair on screen before its verdict is given: answers by keys, one question at a time. Pure. */
import { otherReply, type ReplyKey } from '#core/preference.ts';
import {
  ASPECT_ANSWERS,
  type AspectAnswer,
  MOST_CONFIDENCE,
  missingAttribute,
  NO_ATTRIBUTES,
  STRENGTH_SCALES,
  type VerdictAttributes,
  type VerdictRules,
} from '#core/verdictAttributes.ts';
import { type Choice, verdictOf } from './actions.ts';

/** What the digits answer, or where typing goes. */
const QUESTIONS = ['strength', 'aspects', 'confidence', 'rationale', 'flag'] as const;
export type Question = (typeof QUESTIONS)[number];
export const isQuestion = (word: string): word is Question => QUESTIONS.some((question) => question === word);

export interface VerdictDraft {
  /** Chosen, and held until nothing that the project asks is missing. */
  readonly choice: Choice | null;
  readonly said: VerdictAttributes;
  readonly asking: Question | null;
  /** The aspect that the next digit answers. */
  readonly aspect: number;
}
export const EMPTY_DRAFT: VerdictDraft = { choice: null, said: NO_ATTRIBUTES, asking: null, aspect: 0 };

/** The answers of an aspect in their order on screen, for the digits 1 to 4. */
export function aspectAnswers(leftKey: ReplyKey): readonly AspectAnswer[] {
  return [
    leftKey,
    otherReply(leftKey),
    ...ASPECT_ANSWERS.filter((answer) => answer === 'tie' || answer === 'na'),
  ];
}

/** A draft that goes on with what was said before. */
export const draftOf = (said: VerdictAttributes | null): VerdictDraft => ({
  ...EMPTY_DRAFT,
  said: said ?? NO_ATTRIBUTES,
});

/** Something waits for an answer: Escape lets it go. */
export const isHeld = ({ choice, asking }: VerdictDraft): boolean => choice !== null || asking !== null;

export const isEmpty = ({ said }: VerdictDraft): boolean =>
  said.strength === null &&
  said.confidence === null &&
  (said.rationale ?? '') === '' &&
  said.flag === null &&
  Object.keys(said.aspects).length === 0;

export interface Answered {
  readonly draft: VerdictDraft;
  /** To be given now: nothing is missing. */
  readonly complete: boolean;
}

function firstOpenAspect({ said }: VerdictDraft, { aspects }: VerdictRules): number {
  const open = aspects.findIndex(({ name }) => said.aspects[name] === undefined);
  return Math.max(0, open);
}

/** Goes on to the next thing that a chosen verdict lacks; without a choice there is nothing to wait for. */
function settle(draft: VerdictDraft, rules: VerdictRules, leftKey: ReplyKey): Answered {
  if (draft.choice === null) return { draft: { ...draft, asking: null }, complete: false };
  const missing = missingAttribute(verdictOf(draft.choice, leftKey), cleaned(draft.said), rules);
  if (missing === null) return { draft: { ...draft, asking: null }, complete: true };
  const aspect = missing === 'aspects' ? firstRequired(draft, rules) : draft.aspect;
  return { draft: { ...draft, asking: missing, aspect }, complete: false };
}
const cleaned = (said: VerdictAttributes): VerdictAttributes =>
  (said.rationale ?? '').trim() === '' ? { ...said, rationale: null } : said;
const firstRequired = ({ said }: VerdictDraft, { aspects }: VerdictRules): number =>
  aspects.findIndex(({ name, required }) => required && said.aspects[name] === undefined);

/** A verdict is chosen, with its strength where the key says both. */
export function choose(
  draft: VerdictDraft,
  choice: Choice,
  strength: number | null,
  rules: VerdictRules,
  leftKey: ReplyKey,
): Answered {
  // A second press of the same side keeps the strength that was said.
  const kept = draft.choice === choice ? draft.said.strength : null;
  return settle({ ...draft, choice, said: { ...draft.said, strength: strength ?? kept } }, rules, leftKey);
}

/** Opens a question, or closes it where it is open: what it was about stays said. */
export function ask(draft: VerdictDraft, question: Question, rules: VerdictRules): VerdictDraft {
  if (draft.asking === question) return { ...draft, asking: null };
  if (question === 'aspects' && rules.aspects.length === 0) return draft;
  const aspect = question === 'aspects' ? firstOpenAspect(draft, rules) : draft.aspect;
  return { ...draft, asking: question, aspect };
}

/** Escape: a chosen verdict is let go, what was said stays. */
export const letGo = (draft: VerdictDraft): VerdictDraft => ({ ...draft, choice: null, asking: null });

/** Enter in an open question: goes on to what is still missing, or gives the verdict. */
export const goOn = settle;

/** A digit answers the open question; null where it is none of its answers. */
export function answer(
  draft: VerdictDraft,
  digit: number,
  rules: VerdictRules,
  leftKey: ReplyKey,
): Answered | null {
  if (draft.asking === 'strength') {
    if (digit > STRENGTH_SCALES[rules.strength]) return null;
    return settle({ ...draft, said: { ...draft.said, strength: digit } }, rules, leftKey);
  }
  if (draft.asking === 'confidence') {
    if (digit > MOST_CONFIDENCE) return null;
    return settle({ ...draft, said: { ...draft.said, confidence: digit } }, rules, leftKey);
  }
  if (draft.asking !== 'aspects') return null;
  const given = aspectAnswers(leftKey)[digit - 1];
  return given === undefined ? null : answerAspect(draft, draft.aspect, given, rules, leftKey);
}

/** Answers one aspect; the next one without an answer is asked then. The same answer again takes it back. */
export function answerAspect(
  draft: VerdictDraft,
  place: number,
  given: AspectAnswer,
  rules: VerdictRules,
  leftKey: ReplyKey,
): Answered {
  const name = rules.aspects[place]?.name;
  if (name === undefined) return { draft, complete: false };
  const { [name]: before, ...others } = draft.said.aspects;
  const aspects = before === given ? others : { ...others, [name]: given };
  const now = { ...draft, said: { ...draft.said, aspects } };
  if (before === given) return { draft: { ...now, asking: 'aspects', aspect: place }, complete: false };
  const later = rules.aspects.findIndex(
    (aspect, index) => index > place && aspects[aspect.name] === undefined,
  );
  if (later !== -1) return { draft: { ...now, asking: 'aspects', aspect: later }, complete: false };
  return settle(now, rules, leftKey);
}

export const say = (draft: VerdictDraft, changes: Partial<VerdictAttributes>): VerdictDraft => ({
  ...draft,
  said: { ...draft.said, ...changes },
});
