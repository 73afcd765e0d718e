/** A stored pair as training would see it by a model: every token, and what counts in the loss; its replies in stored order. */
import { FacetError, unwrap } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { TokenView } from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { UnreadablePairError } from '../data/storedMessages.ts';
import { preferencePairs, promptOfPair } from '../data/trainingPairs.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject } from './OpenProject.ts';

export const tokenView =
  (current: CurrentProject, compute: ComputeClient, models: ModelService) =>
  async (
    { modelId, pairId, config }: Inputs['playground']['tokens'],
    signal?: AbortSignal,
  ): Promise<TokenView> => {
    const { database } = current.require();
    const model = models.get(modelId);
    const promptId = promptOfPair(database, pairId);
    if (promptId === null) {
      throw new FacetError({
        code: 'pairs.unknown',
        message: `This project has no pair ${pairId}.`,
        fix: 'Choose a pair from the library.',
      });
    }
    // In stored order: the tokens are the same either way, and the order would give a label away.
    const stored = { pairId, promptId, preferred: 'a' } as const;
    const [pair] = preferencePairs(database, [stored], (unreadable) => {
      throw new UnreadablePairError(unreadable);
    });
    if (!pair) throw new RangeError(`pair ${pairId} has no texts`);
    const { messages, chosen, rejected, chosenTurns, rejectedTurns } = pair;
    const replies = { chosen, rejected, chosenTurns, rejectedTurns };
    const job = { kind: 'tokens', modelDir: model.path, messages, ...replies, config } as const;
    const tokens = unwrap(await compute.run<'tokens'>(job, { ...(signal && { stop: signal }) }));
    return {
      prompt: tokens.prompt,
      a: tokens.chosen,
      b: tokens.rejected,
      promptCut: tokens.promptCut,
      aCut: tokens.chosenCut,
      bCut: tokens.rejectedCut,
    };
  };
