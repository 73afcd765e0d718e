import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyDone, notifyFailure } from '../../components/notify.tsx';
import { curlOf } from './curl.ts';
import { generate } from './generate.ts';
import { type FoundReply, originWords, pairToKeep, planLanes, planSweep } from './lanes.ts';
import {
  messagesToAsk,
  modeFor,
  priorBy,
  setPlayground,
  setSampling,
  usePlayground,
} from './playgroundStore.ts';
import type { Policy } from './policies.ts';
import { checkSampling, otherSeed, samplingWords } from './samplingDraft.ts';

/** Why the two replies can't become a pair; null where they can. */
export function whyNotKeep(found: readonly FoundReply[]): string | null {
  if (found.length < 2) return 'Two whole replies are needed.';
  return found[0]?.reply.text === found[1]?.reply.text
    ? 'Both replies are the same text: nothing to prefer.'
    : null;
}

/** What the Playground's keys and buttons do. */
export function usePlaygroundActions(policy: Policy) {
  const { model, run, checkpoint } = policy;
  const keep = useMutation(
    api.playground.keepPair.mutationOptions({
      onSuccess: async ({ pairId }) => {
        setPlayground({ kept: { pairId } });
        await Promise.all(
          [api.library.key(), api.annotate.key(), api.project.key(), api.runs.countPairs.key()].map(
            (queryKey) => queryClient.invalidateQueries({ queryKey }),
          ),
        );
      },
      onError: (error) => setPlayground({ kept: { failure: failureOf(error) } }),
    }),
  );
  const plans = () => {
    const state = usePlayground.getState();
    const mode = modeFor(state, run?.id);
    const weights = mode === 'mix' ? (state.mix?.mix.weights ?? null) : null;
    return planLanes({ model, run, checkpoint, withBase: state.withBase, mode, weights });
  };
  const request = () => checkSampling(usePlayground.getState().sampling).request;
  const again = () => {
    const state = usePlayground.getState();
    const messages = state.asked ?? messagesToAsk(state);
    const wanted = request();
    if (messages === null || wanted === null) return;
    const prior = priorBy(state, policy);
    if (state.sweep && run !== null && prior !== null)
      void generate(planSweep({ run, checkpoint }, prior), messages, wanted, true);
    else void generate(plans(), messages, wanted);
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
    sweep: () => {
      const { asked, prior: known } = usePlayground.getState();
      const prior = priorBy({ prior: known }, policy);
      const wanted = request();
      if (asked === null || wanted === null || run === null || prior === null) return;
      void generate(planSweep({ run, checkpoint }, prior), asked, wanted, true);
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
