import { messageKey, type PreferencePair } from '#core/preference.ts';
import { hashText } from './hash.ts';

/** SHA-256 over the pairs in their order: everything of them that training or its figures depend on. */
export const datasetFingerprint = (pairs: readonly PreferencePair[]): string =>
  hashText(
    JSON.stringify(
      pairs.map(
        ({ id, promptId, source, aspect, messages, chosen, rejected, chosenTurns, rejectedTurns }) => [
          id,
          promptId,
          source,
          aspect,
          messages.map(messageKey),
          chosen,
          rejected,
          ...(chosenTurns || rejectedTurns
            ? [chosenTurns?.map(messageKey), rejectedTurns?.map(messageKey)]
            : []),
        ],
      ),
    ),
  );
