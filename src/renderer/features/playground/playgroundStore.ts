/** The Playground's state: it stays while other screens are open, and starts anew with another project. */
import { create } from 'zustand';
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { Message } from '#core/preference.ts';
import type { Failure } from '#core/result.ts';
import { type CodeMix, mixOf } from './codeMix.ts';
import { type CodeMode, type Lane, pick } from './lanes.ts';
import type { DoneWithPair } from './pairActions.ts';
import type { Beside, Target } from './policies.ts';
import { type SamplingDraft, type SamplingField, STARTING_SAMPLING } from './samplingDraft.ts';
import { nextColours, type TokenColours } from './tokenColours.ts';

/** A run by one of its checkpoints: its last where none is named. */
interface RunPlace {
  readonly runId: number;
  readonly checkpoint: CheckpointKind | undefined;
}

/** Each code in use alone, or one code's weight from 0 to 1. */
export type Sweep = 'codes' | { readonly code: number };

/** A pair that was kept, null where it was there already; and what was done with it since. */
type Kept =
  | { readonly pairId: number | null; readonly firstKey: 'a' | 'b'; readonly did: DoneWithPair | null }
  | { readonly failure: Failure };

export interface PlaygroundState {
  /** What is talked to; null until chosen, then the newest run or the first model. */
  readonly target: Target | null;
  readonly beside: Beside;
  /** Null where no system message is sent. */
  readonly system: string | null;
  /** Earlier turns of the conversation. */
  readonly turns: readonly Message[];
  /** The user's message being typed. */
  readonly draft: string;
  /** All messages that the lanes answer. */
  readonly asked: readonly Message[] | null;
  /** How the lanes' replies were drawn. */
  readonly drawn: { readonly seed: number; readonly maxTokens: number } | null;
  /** What tokens of the pair's replies are coloured by. */
  readonly colours: TokenColours;
  readonly sampling: SamplingDraft;
  readonly mode: CodeMode;
  /** p(z|x) of the messages asked, by a checkpoint of a run. */
  readonly prior: (RunPlace & { readonly weights: readonly number[] }) | null;
  readonly mix: { readonly runId: number; readonly mix: CodeMix } | null;
  readonly lanes: readonly Lane[];
  /** What the lanes sweep over; null where they answer as chosen. */
  readonly sweep: Sweep | null;
  readonly busy: boolean;
  readonly picked: readonly string[];
  /** What came of keeping a pair, until the next replies. */
  readonly kept: Kept | null;
}

const start: PlaygroundState = {
  target: null,
  beside: 'base',
  system: null,
  turns: [],
  draft: '',
  asked: null,
  drawn: null,
  colours: 'off',
  sampling: STARTING_SAMPLING,
  mode: 'prior',
  prior: null,
  mix: null,
  lanes: [],
  sweep: null,
  busy: false,
  picked: [],
  kept: null,
};

export const usePlayground = create<PlaygroundState>(() => start);

export const setPlayground = (changes: Partial<PlaygroundState>): void => usePlayground.setState(changes);

let stateOf = '';

/** Clears what another project left behind. */
export function startPlayground(projectPath: string): void {
  if (stateOf === projectPath) return;
  stateOf = projectPath;
  usePlayground.setState(start, true);
}

export const setSampling = (name: SamplingField, text: string): void =>
  usePlayground.setState(({ sampling }) => ({ sampling: { ...sampling, [name]: text } }));

/** Goes round what tokens are coloured by. */
export const nextTokenColours = (): void =>
  usePlayground.setState(({ colours }) => ({ colours: nextColours(colours) }));

/** Another model or run: what is on screen stays until the next replies. */
export const setTarget = (target: Target): void =>
  usePlayground.setState({ target, mode: 'prior', picked: [], kept: null });

/** Changes the mix by `change`; it starts from the prior of the last prompt, else from `start`. */
export function changeMix(runId: number, start: readonly number[], change: (mix: CodeMix) => CodeMix): void {
  usePlayground.setState(({ mix, mode }) => {
    const before = mode === 'mix' && mix?.runId === runId ? mix.mix : mixOf(start);
    return { mode: 'mix', mix: { runId, mix: change(before) } };
  });
}

/** p(z|x) of the messages asked, where this checkpoint of this run said it. */
export const priorBy = (
  { prior }: Pick<PlaygroundState, 'prior'>,
  {
    run,
    checkpoint,
  }: { readonly run: { readonly id: number } | null; readonly checkpoint?: CheckpointKind | undefined },
): readonly number[] | null =>
  prior !== null && prior.runId === run?.id && prior.checkpoint === checkpoint ? prior.weights : null;

/** The mode in force for a run: a mix made for another run says nothing about this one. */
export const modeFor = ({ mode, mix }: PlaygroundState, runId: number | undefined): CodeMode =>
  mode === 'mix' && mix?.runId !== runId ? 'prior' : mode;

export const togglePicked = (key: string): void =>
  usePlayground.setState(({ picked }) => ({ picked: pick(picked, key), kept: null }));

/** What Send would ask: the system message, the earlier turns, the message typed. */
export function messagesToAsk({ system, turns, draft }: PlaygroundState): readonly Message[] | null {
  if (draft.trim() === '') return null;
  const first: Message[] =
    system === null || system.trim() === '' ? [] : [{ role: 'system', content: system }];
  return [...first, ...turns, { role: 'user', content: draft }];
}

/** Takes a reply into the conversation, so that the next message follows it. */
export function continueWith(reply: string): void {
  usePlayground.setState(({ asked }) => ({
    turns: [...(asked ?? []).filter(({ role }) => role !== 'system'), { role: 'assistant', content: reply }],
    asked: null,
    draft: '',
    lanes: [],
    picked: [],
    kept: null,
  }));
}

/** Goes back to before the turn at `position`: its text is in the box again. */
export function backToTurn(position: number): void {
  usePlayground.setState(({ turns }) => ({
    turns: turns.slice(0, position),
    draft: turns[position]?.content ?? '',
    asked: null,
    lanes: [],
    picked: [],
    kept: null,
  }));
}

export const clearConversation = (): void =>
  usePlayground.setState({
    turns: [],
    asked: null,
    draft: '',
    lanes: [],
    picked: [],
    kept: null,
    prior: null,
  });
