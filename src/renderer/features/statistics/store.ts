import { client } from '../../api/client.ts';
import { createPassStore } from '../../state/passStore.ts';

/** What the project holds and how it is labelled. */
export const statistics = createPassStore((_: null, signal) => client.data.statistics(undefined, { signal }));
