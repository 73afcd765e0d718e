/** Draws the lanes' replies one after the other and shows them as they come. */
import type { Message } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import type { GenerationFrame } from '#shared/policyEntities.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { emptyLane, type Lane, type LanePlan, takeFrames } from './lanes.ts';
import { type Sweep, setPlayground, usePlayground } from './playgroundStore.ts';
import type { CheckedSampling } from './samplingDraft.ts';

type Request = NonNullable<CheckedSampling['request']>;

/** Text is redrawn at most this often. */
const REDRAW_MS = 60;

let abort: AbortController | null = null;

export const stopGenerating = (): void => abort?.abort();

const changeLane = (key: string, change: (lane: Lane) => Lane): void =>
  usePlayground.setState(({ lanes }) => ({
    lanes: lanes.map((lane) => (lane.key === key ? change(lane) : lane)),
  }));

/** Answers `messages` in every lane; a run still under way is ended first. */
export async function generate(
  plans: readonly LanePlan[],
  messages: readonly Message[],
  request: Request,
  sweep: Sweep | null = null,
): Promise<void> {
  abort?.abort();
  const own = new AbortController();
  abort = own;
  setPlayground({
    asked: messages,
    drawn: { seed: request.sampling.seed, maxTokens: request.sampling.maxTokens },
    lanes: plans.map((plan) => emptyLane(plan, request.samples)),
    sweep,
    busy: true,
    picked: [],
    kept: null,
  });
  for (const plan of plans) {
    if (abort !== own) return;
    if (own.signal.aborted) changeLane(plan.key, (lane) => ({ ...lane, state: 'stopped' }));
    else await runLane(plan, messages, request, own);
  }
  if (abort !== own) return;
  abort = null;
  setPlayground({ busy: false });
}

async function runLane(
  plan: LanePlan,
  messages: readonly Message[],
  { sampling, samples }: Request,
  own: AbortController,
): Promise<void> {
  const { signal } = own;
  const current = () => abort === own;
  let waiting: GenerationFrame[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const frames = waiting;
    waiting = [];
    if (frames.length > 0 && current()) changeLane(plan.key, (lane) => takeFrames(lane, frames));
  };
  changeLane(plan.key, (lane) => ({ ...lane, state: 'running', startedAt: performance.now() }));
  let done = false;
  try {
    const input = { ...plan.policy, messages: [...messages], sampling, samples, codes: plan.codes };
    for await (const frame of await client.playground.generate(input, { signal })) {
      waiting.push(frame);
      if (frame.type === 'done') done = true;
      if (frame.type === 'done' && frame.weights !== null && plan.policy.runId !== null && current())
        setPlayground({
          prior: {
            runId: plan.policy.runId,
            checkpoint: plan.policy.checkpoint,
            weights: frame.weights,
          },
        });
      timer ??= setTimeout(flush, REDRAW_MS);
    }
    flush();
    if (!done && !signal.aborted)
      throw new FacetError({
        code: 'playground.ended',
        message: 'The replies ended without a result.',
        fix: 'Draw them again.',
      });
  } catch (error) {
    flush();
    if (!signal.aborted && current())
      changeLane(plan.key, (lane) => ({ ...lane, state: 'failed', failure: failureOf(error) }));
  }
  if (signal.aborted && current() && !done)
    changeLane(plan.key, (lane) => ({ ...lane, state: 'stopped', phase: null }));
}
