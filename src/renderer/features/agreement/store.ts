import type { AgreementAsk } from '#shared/agreementEntities.ts';
import { client } from '../../api/client.ts';
import { createPassStore } from '../../state/passStore.ts';

/** How far people agree. */
export const agreement = createPassStore((ask: AgreementAsk, signal) =>
  client.data.agreement(ask, { signal }),
);
