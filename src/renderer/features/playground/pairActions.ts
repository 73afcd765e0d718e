/** What becomes of a pair that was kept: labelled here, or put first in the queue; each can be taken back. */
import { api, client } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { forgetItems } from '../annotate/annotationStore.ts';
import { type PairVerdict, type StoredPair, storedVerdict } from './storedPair.ts';

export type DoneWithPair =
  | { readonly kind: 'labelled'; readonly verdict: PairVerdict; readonly step: number | null }
  | { readonly kind: 'queued'; readonly changeId: number | null };

const SCOPE = { filter: null, includeSkipped: false };

/** Everywhere that shows pairs, counts or the queue. */
export async function pairsChanged(): Promise<void> {
  forgetItems();
  await Promise.all(
    [api.library.key(), api.annotate.key(), api.project.key(), api.runs.countPairs.key()].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}

/** Reply A stood left of reply B on this screen, and that is what is stored with the verdict. */
export async function labelPair(
  { pairId, firstKey }: StoredPair,
  verdict: PairVerdict,
): Promise<DoneWithPair> {
  const { annotatorId } = await client.annotate.queue({ ...SCOPE, pairId });
  const { undo } = await client.annotate.decide({
    ...SCOPE,
    ...{ requestId: crypto.randomUUID(), annotatorId, pairId, verdict: storedVerdict(verdict, firstKey) },
    ...{ leftKey: firstKey, durationMs: null },
  });
  await pairsChanged();
  return { kind: 'labelled', verdict, step: undo?.id ?? null };
}

export async function queuePair(pairId: number): Promise<DoneWithPair> {
  const change = await client.library.change({ selection: { ids: [pairId] }, action: 'queue' });
  await pairsChanged();
  return { kind: 'queued', changeId: change?.id ?? null };
}

export async function takeBackPair(done: DoneWithPair): Promise<void> {
  if (done.kind === 'queued' && done.changeId !== null)
    await client.library.undoChange({ changeId: done.changeId });
  if (done.kind === 'labelled' && done.step !== null) {
    const { annotatorId } = await client.annotate.queue({ ...SCOPE, pairId: null });
    await client.annotate.undo({ ...SCOPE, annotatorId, step: done.step });
  }
  await pairsChanged();
}
