/** A reply that an annotator writes: stored as one of its own, chosen over those that it is better than. */
import { otherReply } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import type { NewReply } from '#shared/entities.ts';
import { storedHashes } from '../data/pairHashes.ts';
import { hashPair, type NewPair, type NewSource, pairWriter } from '../data/pairWriter.ts';
import type { OpenProject } from './OpenProject.ts';

const WRITTEN_SOURCE: NewSource = { name: 'Written replies', file: 'annotate', format: 'written' };

/** Once, however often it is asked for. The caller holds the transaction and the turn for adding pairs. */
export function storeReply(project: OpenProject, reply: NewReply, at: string): void {
  const { requestId, annotatorId, pairId, text, over } = reply;
  if (project.history.knows(requestId)) return;
  const { messages, a, b, aTurns, bTurns, aspect } = project.annotations.texts(pairId);
  const replies = { a, b };
  const turns = { a: aTurns, b: bTurns };
  if (text.trim() === '')
    throw new FacetError({
      code: 'annotate.empty-reply',
      message: 'The reply is empty.',
      fix: 'Write one, or press Escape to leave the replies as they are.',
    });
  if (over.some((key) => replies[key] === text))
    throw new FacetError({
      code: 'annotate.same-reply',
      message: 'The reply is the same as the one that it is to be better than.',
      fix: 'Change it, or press Escape to leave the replies as they are.',
    });
  const known = storedHashes(project.database);
  const writer = pairWriter(project.database, at, known);
  const pairs = over.map((key): NewPair => {
    const from = over.length === 1 ? { edited: key } : { written: true };
    const metadata = JSON.stringify({ from_pair: pairId, ...from });
    const texts = { chosen: text, rejected: replies[key], turns: [null, turns[key]] as const, metadata };
    return { messages, aspect, itemId: null, row: pairId, verdicts: [], ...texts };
  });
  for (const pair of pairs) writer.add(pair, hashPair(pair), WRITTEN_SOURCE);
  writer.flush();
  writer.flushWaiting();
  for (const [place, pair] of pairs.entries()) {
    const id = known.pair(hashPair(pair).pair) as number;
    const isFirst = project.annotations.texts(id).a === text;
    project.history.decide({
      requestId: place === 0 ? requestId : null,
      pairId: id,
      annotatorId,
      decision: isFirst ? 'a' : otherReply('a'),
      leftKey: null,
      durationMs: null,
      guidelinesId: project.guidelines.current().id,
      at,
    });
    project.queue.changed(annotatorId, id);
  }
}
