/** The labels that an audit looks at, into a file for the compute process. */
import type { PreferencePair } from '#core/preference.ts';
import { writeJsonLines } from '#disk/lines.ts';
import type { PairSelection } from '#shared/entities.ts';
import type { Database } from '../data/database.ts';
import { labelledPairs, preferencePairs } from '../data/trainingPairs.ts';
import type { Tick } from '../pass/protocol.ts';

export interface AuditPairsAsk {
  readonly selection: PairSelection;
  readonly path: string;
}
/** Beside each other, in the order of the file's pairs and of those that cannot be read. */
export interface AuditPairs {
  readonly pairIds: Uint32Array<ArrayBuffer>;
  /** 1 where the second reply is preferred. */
  readonly prefersB: Uint8Array<ArrayBuffer>;
  readonly unreadable: number;
}

export async function auditPairs(
  database: Database,
  { selection, path }: AuditPairsAsk,
  tick: Tick,
): Promise<AuditPairs> {
  const labelled = labelledPairs(database, selection);
  let unreadable = 0;
  function* rows(): Generator<PreferencePair> {
    let done = 0;
    for (const pair of preferencePairs(database, labelled, () => {
      unreadable += 1;
    })) {
      tick(++done, labelled.length);
      yield pair;
    }
  }
  await writeJsonLines(path, rows());
  return {
    pairIds: Uint32Array.from(labelled, ({ pairId }) => pairId),
    prefersB: Uint8Array.from(labelled, ({ preferred }) => Number(preferred === 'b')),
    unreadable,
  };
}
