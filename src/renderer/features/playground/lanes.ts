/** Replies side by side: what each lane is asked for, and what has come of it. Pure. */

import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { CodeChoice } from '#core/generation.ts';
import { codesOf } from '#core/methods.ts';
import type { Failure } from '#core/result.ts';
import type { Model, Run } from '#shared/entities.ts';
import type { GeneratedReply, GenerationFrame, PolicyChoice } from '#shared/policyEntities.ts';
import { evenWeights, mixWords } from './codeMix.ts';
import type { Policy } from './policies.ts';

export interface LanePlan {
  readonly key: string;
  readonly title: string;
  /** The model's or the run's name. */
  readonly of: string;
  readonly aligned: boolean;
  readonly policy: PolicyChoice;
  readonly codes: CodeChoice;
  /** What its codes are, where that needs saying. */
  readonly note: string | null;
  /** The one code it carries, for its colour. */
  readonly code: number | null;
}

export interface LaneReply {
  readonly text: string;
  /** Tokens that were drawn; empty while it is being written. */
  readonly ids: readonly number[];
  /** Null while it is being written. */
  readonly end: Omit<GeneratedReply, 'text'> | null;
}

export interface Lane extends LanePlan {
  readonly state: 'waiting' | 'running' | 'done' | 'stopped' | 'failed';
  readonly phase: string | null;
  readonly startedAt: number | null;
  readonly replies: readonly LaneReply[];
  readonly figures: {
    readonly promptTokens: number;
    readonly tokensPerSecond: number;
    readonly timeToFirstTokenMs: number;
  } | null;
  readonly failure: Failure | null;
}

export const emptyLane = (plan: LanePlan, samples: number): Lane => ({
  ...plan,
  state: 'waiting',
  phase: null,
  startedAt: null,
  replies: Array.from({ length: samples }, () => ({ text: '', ids: [], end: null })),
  figures: null,
  failure: null,
});

/** The lane after some more frames; text is only ever added. */
export function takeFrames(lane: Lane, frames: readonly GenerationFrame[]): Lane {
  let next = lane;
  for (const frame of frames) {
    if (frame.type === 'phase') next = { ...next, phase: frame.text };
    else if (frame.type === 'text')
      next = {
        ...next,
        phase: null,
        replies: next.replies.map((reply, index) =>
          index === frame.sample ? { ...reply, text: reply.text + frame.text } : reply,
        ),
      };
    else {
      const { replies, ids, promptTokens, tokensPerSecond, timeToFirstTokenMs } = frame;
      next = {
        ...next,
        phase: null,
        state: replies.some(({ finish }) => finish === 'stopped') ? 'stopped' : 'done',
        replies: replies.map(({ text, ...end }, place) => ({ text, ids: ids[place] ?? [], end })),
        figures: { promptTokens, tokensPerSecond, timeToFirstTokenMs },
      };
    }
  }
  return next;
}

export type CodeMode = 'prior' | 'mix' | 'none';

export interface LaneWish {
  readonly model: Model;
  /** Null talks to the base model alone. */
  readonly run: Run | null;
  readonly checkpoint?: CheckpointKind | undefined;
  /** Answers beside it. */
  readonly beside: Policy | null;
  readonly mode: CodeMode;
  /** Weights in force under `mix`. */
  readonly weights: readonly number[] | null;
}

const baseLane = (model: Model): LanePlan => ({
  key: 'base',
  title: 'Base',
  of: model.name,
  aligned: false,
  policy: { modelId: model.id, runId: null },
  codes: { mode: 'none' },
  note: null,
  code: null,
});

/** A run by one of its checkpoints. */
export interface RunOf {
  readonly run: Run;
  readonly checkpoint?: CheckpointKind | undefined;
}

/** `Run 3`, or `Run 3, best of step 20`. */
function nameOf({ run, checkpoint }: RunOf): string {
  const kept = run.checkpoints.find(({ kind }) => kind === checkpoint);
  return kept?.kind === 'best' ? `${run.name}, best of step ${kept.step}` : run.name;
}

export function alignedLane(of: RunOf, mode: CodeMode, weights: readonly number[] | null): LanePlan {
  const { run, checkpoint } = of;
  const shared = {
    key: 'aligned',
    title: 'Aligned',
    of: nameOf(of),
    aligned: true,
    policy: { modelId: run.modelId, runId: run.id, checkpoint },
    code: null,
  };
  const codes = codesOf(run.config);
  // A control's latent answers as it was trained: it has no codes to choose.
  if (codes === null) return { ...shared, codes: { mode: run.config.latent ? 'prior' : 'none' }, note: null };
  if (mode === 'none') return { ...shared, codes: { mode: 'none' }, note: 'without z' };
  if (mode === 'prior') return { ...shared, codes: { mode: 'prior' }, note: 'prior’s codes' };
  const chosen = weights ?? evenWeights(codes);
  return { ...shared, codes: { mode: 'weights', weights: chosen }, note: mixWords(chosen, 2) };
}

/** As it answers by itself: a run by its prior. */
const plainLane = ({ model, run, checkpoint }: Policy): LanePlan =>
  run === null ? baseLane(model) : alignedLane({ run, checkpoint }, 'prior', null);

/** What is talked to, after what answers beside it. */
export function planLanes(wish: LaneWish): readonly LanePlan[] {
  const { model, run, checkpoint, beside } = wish;
  const own = run === null ? baseLane(model) : alignedLane({ run, checkpoint }, wish.mode, wish.weights);
  return beside === null ? [own] : [{ ...plainLane(beside), key: 'beside' }, own];
}

export const replyKey = (lane: Pick<Lane, 'key'>, index: number): string => `${lane.key}:${index}`;

export interface FoundReply {
  readonly lane: Lane;
  readonly reply: LaneReply;
  /** Which of the lane's replies. */
  readonly place: number;
  readonly key: string;
}

/** Every reply that is there, in the order of the screen. */
const repliesOf = (lanes: readonly Lane[]): readonly FoundReply[] =>
  lanes.flatMap((lane) =>
    lane.replies.map((reply, place) => ({ lane, reply, place, key: replyKey(lane, place) })),
  );

/** The two replies a pair would be made of, in the order of the screen: those picked, else two that differ in text, of two lanes where possible. */
export function pairToKeep(lanes: readonly Lane[], picked: readonly string[]): readonly FoundReply[] {
  const whole = repliesOf(lanes).filter(({ lane, reply }) => reply.text !== '' && lane.state !== 'running');
  const chosen = picked.flatMap((key) => whole.find((found) => found.key === key) ?? []);
  const rest = whole.filter(({ key }) => !picked.includes(key));
  while (chosen.length < 2) {
    const first = chosen[0];
    const free = rest.filter((found) => !chosen.includes(found));
    const differs = free.filter((found) => found.reply.text !== first?.reply.text);
    const next = differs.find(({ lane }) => lane.key !== first?.lane.key) ?? differs[0] ?? free[0];
    if (next === undefined) break;
    chosen.push(next);
  }
  const two = chosen.slice(0, 2);
  return whole.filter((found) => two.includes(found));
}

/** Picks a reply for the pair, or takes it back; a third one takes the place of the first. */
export const pick = (picked: readonly string[], key: string): readonly string[] =>
  picked.includes(key) ? picked.filter((other) => other !== key) : [...picked, key].slice(-2);

/** Where a pair came from: `Starter (base) beside Run 3, prior’s codes · temperature 0.8 · seed 1`. */
export function originWords(found: readonly FoundReply[], sampling: readonly string[]): string {
  const names = found.map(({ lane }) =>
    [lane.aligned ? `${lane.of}` : `${lane.of} (base)`, lane.note].filter(Boolean).join(', '),
  );
  const who = names[0] === names[1] ? names[0] : names.join(' beside ');
  return [who, ...sampling].join(' · ');
}
