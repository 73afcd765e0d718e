import { useMutation } from '@tanstack/react-query';
import type { Model, Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { notifyDone, notifyFailure } from '../../components/notify.tsx';
import { curlOf } from './curl.ts';
import { generate } from './generate.ts';
import { type FoundReply, type LanePlan, originWords, pairToKeep, planLanes } from './lanes.ts';
import { pairsChanged } from './pairActions.ts';
import {
  messagesToAsk,
  modeFor,
  priorBy,
  type Sweep,
  setPlayground,
  setSampling,
  usePlayground,
} from './playgroundStore.ts';
import { besideOf, type Policy } from './policies.ts';
import { checkSampling, otherSeed, samplingWords } from './samplingDraft.ts';
import { livingCodes, planSweep, planWeightSweep } from './sweeps.ts';
import { useDeadCodes } from './useDeadCodes.ts';

/** Why the two replies can't become a pair; null where they can. */
export function whyNotKeep(found: readonly FoundReply[]): string | null {
  if (found.length < 2) return 'Two whole replies are needed.';
  return found[0]?.reply.text === found[1]?.reply.text
    ? 'Both replies are the same text: nothing to prefer.'
    : null;
}

/** What the Playground's keys and buttons do. */
export function usePlaygroundActions(policy: Policy, models: readonly Model[], runs: readonly Run[]) {
  const { model, run, checkpoint } = policy;
  const { dead } = useDeadCodes(policy);
  const keep = useMutation(
    api.playground.keepPair.mutationOptions({
      onSuccess: async (stored) => {
        setPlayground({ kept: { ...stored, did: null } });
        await pairsChanged();
      },
      onError: (error) => setPlayground({ kept: { failure: failureOf(error) } }),
    }),
  );
  const plans = () => {
    const state = usePlayground.getState();
    const mode = modeFor(state, run?.id);
    const weights = mode === 'mix' ? (state.mix?.mix.weights ?? null) : null;
    const beside = besideOf(state.beside, policy, models, runs);
    return planLanes({ model, run, checkpoint, beside, mode, weights });
  };
  /** Null where there are no codes, or the prior has not seen the messages. */
  const sweepPlans = (sweep: Sweep): readonly LanePlan[] | null => {
    const prior = priorBy(usePlayground.getState(), policy);
    if (run === null || prior === null) return null;
    const of = { run, checkpoint };
    return sweep === 'codes' ? planSweep(of, prior, dead) : planWeightSweep(of, prior, sweep.code, dead);
  };
  const drawSweep = (sweep: Sweep) => {
    const { asked } = usePlayground.getState();
    const wanted = request();
    const swept = sweepPlans(sweep);
    if (asked !== null && wanted !== null && swept !== null) void generate(swept, asked, wanted, sweep);
  };
  const request = () => checkSampling(usePlayground.getState().sampling).request;
  const again = () => {
    const state = usePlayground.getState();
    const messages = state.asked ?? messagesToAsk(state);
    const wanted = request();
    if (messages === null || wanted === null) return;
    const swept = state.sweep === null ? null : sweepPlans(state.sweep);
    if (swept === null) void generate(plans(), messages, wanted);
    else void generate(swept, messages, wanted, state.sweep);
  };
  return {
    keeping: keep.isPending,
    send: () => {
      const messages = messagesToAsk(usePlayground.getState());
      const wanted = request();
      if (messages !== null && wanted !== null) void generate(plans(), messages, wanted);
    },
    regenerate: again,
    newSeed: () => {
      setSampling('seed', otherSeed(usePlayground.getState().sampling.seed));
      again();
    },
    sweep: () => drawSweep('codes'),
    /** Of the code that is named, else of the prior's strongest. */
    sweepWeight: (named?: number) => {
      const prior = priorBy(usePlayground.getState(), policy);
      const code = named ?? (prior === null ? undefined : livingCodes(prior, dead)[0]);
      if (code !== undefined) drawSweep({ code });
    },
    copyCurl: () => {
      const state = usePlayground.getState();
      const messages = state.asked ?? messagesToAsk(state);
      const plan = plans().at(-1);
      const wanted = request();
      if (messages === null || plan === undefined || wanted === null) return;
      const { protocol, origin } = window.location;
      const isServed = protocol === 'http:';
      navigator.clipboard
        .writeText(curlOf(plan, messages, wanted, isServed ? origin : 'http://127.0.0.1:8420'))
        .then(
          () =>
            notifyDone(
              'Copied for the shell',
              `It asks facet serve${isServed ? '' : ' --port 8420'} with its token in $TOKEN.`,
            ),
          (error: unknown) => notifyFailure(failureOf(error)),
        );
    },
    keep: () => {
      const { asked, lanes, picked } = usePlayground.getState();
      const found = pairToKeep(lanes, picked);
      const wanted = request();
      if (asked === null || whyNotKeep(found) !== null || keep.isPending) return;
      const [a = '', b = ''] = found.map(({ reply }) => reply.text);
      const origin = originWords(found, wanted === null ? [] : samplingWords(wanted));
      keep.mutate({ messages: [...asked], a, b, origin });
    },
  };
}

export type PlaygroundActions = ReturnType<typeof usePlaygroundActions>;
