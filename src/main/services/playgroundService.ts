import type { GenerateResult } from '#core/jobs.ts';
import { FacetError, type Result, unwrap } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { Inputs, Outputs } from '#shared/contract.ts';
import type {
  GenerationFrame,
  NewPairsFrame,
  PolicyChoice,
  ReplyTokens,
  TokenView,
} from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import { type NewSource, pairWriter } from '../data/pairWriter.ts';
import type { ModelService } from './modelService.ts';
import { drawNewPairs } from './newPairs.ts';
import type { CurrentProject } from './OpenProject.ts';
import type { ChosenPolicy } from './policyChoice.ts';
import { chosenPolicy } from './policyChoice.ts';

export interface PlaygroundService {
  /** What a policy consists of, for jobs outside of a project. */
  policy(choice: PolicyChoice): ChosenPolicy;
  generate(
    request: Inputs['playground']['generate'],
    signal?: AbortSignal,
  ): AsyncGenerator<GenerationFrame, void>;
  keepPair(request: Inputs['playground']['keepPair']): Promise<Outputs['playground']['keepPair']>;
  newPairs(
    request: Inputs['playground']['newPairs'],
    signal?: AbortSignal,
  ): AsyncGenerator<NewPairsFrame, void>;
  tokens(request: Inputs['playground']['tokens'], signal?: AbortSignal): Promise<TokenView>;
  replyTokens(request: Inputs['playground']['replyTokens'], signal?: AbortSignal): Promise<ReplyTokens>;
}

/** Pairs that a person kept from the playground. */
const PLAYGROUND_SOURCE: NewSource = { name: 'Playground', file: 'playground', format: 'playground' };

const PHASES: Partial<Record<string, string>> = { load: 'Loading the model', compile: 'Getting ready' };

/** What of a job's frames a person sees; null for the rest. */
function shown(frame: RunFrame): GenerationFrame | null {
  if (frame.type === 'text') return frame;
  if (frame.type === 'phase' && frame.done < frame.total) {
    const text = PHASES[frame.phase];
    return text === undefined ? null : { type: 'phase', text };
  }
  if (frame.type === 'engine' && frame.fallback !== null) return { type: 'phase', text: frame.fallback };
  return null;
}

const refused = (code: string, message: string, fix: string): FacetError =>
  new FacetError({ code, message, fix });

export function playgroundService(
  current: CurrentProject,
  compute: ComputeClient,
  models: ModelService,
): Omit<PlaygroundService, 'tokens' | 'replyTokens'> {
  return {
    policy: (choice) => chosenPolicy(current.require(), models, choice),

    async *generate({ messages, sampling, samples, codes, ...choice }, signal) {
      const project = current.require();
      const { modelDir, checkpointDir, engine } = chosenPolicy(project, models, choice);
      const ended = new AbortController();
      const stop = AbortSignal.any([ended.signal, project.closing.signal, ...(signal ? [signal] : [])]);
      const queue = new FrameQueue<GenerationFrame>();
      const job = {
        kind: 'generate',
        modelDir,
        checkpointDir,
        messages,
        sampling,
        samples,
        codes,
        engine,
      } as const;
      const onFrame = (frame: RunFrame): void => {
        const seen = shown(frame);
        if (seen) queue.push(seen);
      };
      const running: Promise<Result<GenerateResult>> = compute
        .run<'generate'>(job, { onFrame, stop })
        .finally(() => queue.end());
      try {
        yield* queue.read();
        const { replies, ids, weights, ...figures } = unwrap(await running);
        yield {
          type: 'done',
          replies: [...replies],
          ids: [...ids],
          weights: weights && [...weights],
          ...figures,
        };
      } finally {
        // A reader that left wants no more of it.
        ended.abort();
      }
    },

    keepPair: async ({ messages, a, b, origin }) => {
      const project = current.require();
      if (a.trim() === '' || b.trim() === '')
        throw refused(
          'playground.empty-reply',
          'One of the replies is empty.',
          'Keep two replies with text.',
        );
      if (a === b)
        throw refused('playground.same-reply', 'Both replies are the same.', 'Keep two replies that differ.');
      return project.addPairs(() => {
        const writer = pairWriter(project.database, new Date().toISOString());
        let firstKey: 'a' | 'b' = 'a';
        const pairId = writer.addUnlabelled({ messages, replies: [a, b] }, PLAYGROUND_SOURCE, (key) => {
          firstKey = key;
          return origin;
        });
        return { pairId, firstKey };
      });
    },

    newPairs: (request, signal) => {
      const project = current.require();
      return drawNewPairs({
        project,
        compute,
        policy: chosenPolicy(project, models, request),
        request,
        stop: AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]),
      });
    },
  };
}
