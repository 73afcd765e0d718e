/** What is being written on the desk, by pair: kept in this browser, so that neither another screen nor a reload loses it. */
import { z } from 'zod';
import { create } from 'zustand';
import type { VerdictAttributes } from '#core/verdictAttributes.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import { verdictAttributesSchema } from '#shared/verdictEntities.ts';
import { choiceOf } from './actions.ts';
import { draftOf, isEmpty, type VerdictDraft } from './verdictDraft.ts';

/** A reply being written: one of the two edited, or a third. */
export type Written = 'a' | 'b' | 'third';

interface Drafts {
  readonly verdicts: Readonly<Record<string, VerdictDraft>>;
  /** By pair and what is written: `12:a`. */
  readonly replies: Readonly<Record<string, string>>;
}
const NONE: Drafts = { verdicts: {}, replies: {} };
export const useDrafts = create<Drafts>(() => NONE);

const keptSchema = z.object({
  said: z.record(z.string(), verdictAttributesSchema),
  replies: z.record(z.string(), z.string()),
});
let key: string | null = null;

/** Takes up what this browser kept of an annotator in a project. */
export function openDrafts(project: string, annotatorId: number): void {
  key = `facet-drafts:${annotatorId}:${project}`;
  const kept = keptSchema.safeParse(JSON.parse(window.localStorage.getItem(key) ?? 'null'));
  const { said, replies } = kept.success ? kept.data : { said: {}, replies: {} };
  const verdicts = Object.entries(said).map(([id, told]) => [id, draftOf(told)]);
  useDrafts.setState({ verdicts: Object.fromEntries(verdicts), replies }, true);
}

useDrafts.subscribe(({ verdicts, replies }) => {
  if (key === null) return;
  const told = Object.entries(verdicts).filter(([, draft]) => !isEmpty(draft));
  const said = Object.fromEntries(told.map(([id, draft]) => [id, draft.said]));
  if (told.length === 0 && Object.keys(replies).length === 0) window.localStorage.removeItem(key);
  else window.localStorage.setItem(key, JSON.stringify({ said, replies }));
});

/** Null takes it off. */
export function setDraft(pairId: number, draft: VerdictDraft | null): void {
  useDrafts.setState(({ verdicts: { [pairId]: _, ...others } }) => ({
    verdicts: draft === null ? others : { ...others, [pairId]: draft },
  }));
}

/** A verdict was taken back: what it said is there to be said again. */
export function sayAgain(pairId: number, said: VerdictAttributes): void {
  const draft = draftOf(said);
  if (!isEmpty(draft)) setDraft(pairId, draft);
}

/** What is said of a pair so far: its draft, else what its standing verdict says. */
export function draftFor(
  { verdicts }: Drafts,
  { pairId, attributes, verdict, left }: AnnotationItem,
  wantsRationale: boolean,
): VerdictDraft {
  const draft = verdicts[pairId] ?? draftOf(attributes);
  if (!wantsRationale || verdict === null || verdicts[pairId] !== undefined) return draft;
  return { ...draft, choice: choiceOf(verdict, left.key), asking: 'rationale' };
}

const replyKey = (pairId: number, what: Written): string => `${pairId}:${what}`;
export const replyDraft = ({ replies }: Drafts, pairId: number, what: Written): string | undefined =>
  replies[replyKey(pairId, what)];

export function setReplyDraft(pairId: number, what: Written, text: string | null): void {
  useDrafts.setState(({ replies: { [replyKey(pairId, what)]: _, ...others } }) => ({
    replies: text === null ? others : { ...others, [replyKey(pairId, what)]: text },
  }));
}
