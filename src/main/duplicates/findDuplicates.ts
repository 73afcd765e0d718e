/** Near-duplicate prompts and replies of a project, and pairs that are the same but for those. */
import { Groups } from '#core/nearDuplicates/Groups.ts';
import { type NearDuplicatesFound, nearDuplicates } from '#core/nearDuplicates/NearDuplicates.ts';
import type { Database } from '../data/database.ts';
import { comparedTexts, type FoundGroup, type PairParts } from '../data/duplicateTable.ts';

interface Texts {
  readonly ids: Int32Array;
  readonly found: NearDuplicatesFound;
  /** By id: one number for all that are alike. */
  readonly groupOf: ReadonlyMap<number, number>;
}

export interface Found {
  readonly lastPair: number;
  readonly pairs: number;
  readonly groups: Iterable<FoundGroup>;
}

function alike(
  ids: Int32Array,
  text: (id: number) => string,
  threshold: number,
  tick: (share: number) => void,
): Texts {
  const found = nearDuplicates({
    count: ids.length,
    threshold,
    text: (item) => text(ids[item] as number),
    tick,
  });
  const groupOf = new Map<number, number>();
  for (const group of found.groups)
    for (const item of group) groupOf.set(ids[item] as number, ids[group[0] as number] as number);
  return { ids, found, groupOf };
}

/** Pairs on one aspect whose prompts are alike and whose replies are, on whichever side. */
function samePairs(pairs: readonly PairParts[], prompts: Texts, replies: Texts): number[][] {
  const groups = new Groups(pairs.length);
  const first = new Map<string, number>();
  const replyOf = (id: number): number => replies.groupOf.get(id) ?? id;
  for (const [index, { promptId, aId, bId, aspect }] of pairs.entries()) {
    const [a, b] = [replyOf(aId), replyOf(bId)];
    const key = `${prompts.groupOf.get(promptId) ?? promptId} ${Math.min(a, b)} ${Math.max(a, b)} ${aspect ?? ''}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, index);
    else groups.join(index, before);
  }
  return groups.list();
}

function* foundGroups(
  pairs: readonly PairParts[],
  same: readonly number[][],
  texts: Readonly<Record<'prompts' | 'replies', Texts>>,
): Generator<FoundGroup> {
  for (const kind of ['prompts', 'replies'] as const) {
    const { ids, found } = texts[kind];
    for (const group of found.groups)
      yield {
        kind,
        members: group.map((item) => ({
          itemId: ids[item] as number,
          similarity: found.similarity[item] as number,
        })),
      };
  }
  for (const group of same) {
    const members = group.map((index) => {
      const { id, promptId, aId, bId } = pairs[index] as PairParts;
      return { itemId: id, similarity: Math.min(...likeness(texts, promptId, aId, bId)) };
    });
    yield { kind: 'pairs', members };
  }
}

function likeness(
  { prompts, replies }: Readonly<Record<'prompts' | 'replies', Texts>>,
  promptId: number,
  ...replyIds: number[]
): number[] {
  const of = ({ ids, found }: Texts, id: number): number => found.similarity[indexOf(ids, id)] as number;
  return [of(prompts, promptId), ...replyIds.map((id) => of(replies, id))];
}

/** Where an id stands in a list in order. */
function indexOf(ids: Int32Array, id: number): number {
  let [low, high] = [0, ids.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

const inOrder = (ids: ReadonlySet<number>): Int32Array => Int32Array.from(ids).sort();

export function findDuplicates(database: Database, threshold: number, tick: (share: number) => void): Found {
  const texts = comparedTexts(database);
  const pairs = [...texts.pairs()];
  const promptIds = inOrder(new Set(pairs.map(({ promptId }) => promptId)));
  const replyIds = inOrder(new Set(pairs.flatMap(({ aId, bId }) => [aId, bId])));
  const share = promptIds.length / Math.max(1, promptIds.length + replyIds.length);
  const prompts = alike(promptIds, texts.prompt, threshold, (part) => tick(share * part));
  const replies = alike(replyIds, texts.reply, threshold, (part) => tick(share + (1 - share) * part));
  const same = samePairs(pairs, prompts, replies);
  return {
    lastPair: texts.lastPair(),
    pairs: pairs.length,
    groups: foundGroups(pairs, same, { prompts, replies }),
  };
}
