/**
 * Pairs whose texts are not those that came in: pages carry no checksums, but each pair was stored under the hash of its prompt, replies
 * and aspect, which tells of a single byte.
 */
import type { Message } from '#core/preference.ts';
import type { Database } from './database.ts';
import { type Hash, pairHash, promptHash, responseHash } from './hashes.ts';
import { knownPairs, storedHashes } from './pairHashes.ts';
import { readStoredMessages } from './storedMessages.ts';

interface Row {
  readonly id: number;
  readonly promptId: number;
  readonly aspect: string | null;
  readonly messages: string;
  readonly a: string;
  readonly b: string;
}

/** Without turns: what stands beside a text was hashed in several ways. */
const ROWS = `SELECT pairs.id, pairs.prompt_id AS promptId, pairs.aspect, stored_prompts.messages, a.text AS a, b.text AS b
  FROM stored_pairs AS pairs JOIN stored_prompts ON stored_prompts.id = pairs.prompt_id
  JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id
  WHERE pairs.id <= (SELECT last_pair FROM visible) AND a.turns IS NULL AND b.turns IS NULL ORDER BY pairs.id`;

/** Rows of one file with the same texts and ids of their own are told apart by a number. */
const MOST_ALIKE = 10_000;
/** More than this share, and more than so many: they were stored under other hashes, and nothing is known of them. */
const MOST_SHARE = 0.01;
const MOST_CHANGED = 20;

const isPlain = (message: Message): boolean =>
  Object.keys(message).every((name) => name === 'role' || name === 'content');

/** Ids of such pairs, lowest first. */
export const changedTexts = (database: Database): number[] => changedPairs(database).map(({ id }) => id);

/** Takes their texts as they are for theirs from now on; gives the ids. */
export function acceptTexts(database: Database): number[] {
  const changed = changedPairs(database);
  const add = storedHashes(database).addPair;
  for (const { id, hash } of changed) add(hash, id);
  return changed.map(({ id }) => id);
}

interface Changed {
  readonly id: number;
  /** Of the texts as they are. */
  readonly hash: Hash;
}

function changedPairs(database: Database): Changed[] {
  const known = knownPairs(database);
  const changed: Changed[] = [];
  let seen = 0;
  let promptId = 0;
  let prompt: Hash | null = null;
  for (const row of database.prepare<[], Row>(ROWS).iterate()) {
    if (promptId !== row.promptId) {
      const stored = readStoredMessages(row.messages);
      const isKnown = stored.ok && stored.messages.every(isPlain);
      promptId = row.promptId;
      prompt = isKnown ? promptHash(stored.messages) : null;
    }
    if (prompt === null) continue;
    seen += 1;
    const hash = unknownHash(row, prompt, known.find);
    if (hash !== null) changed.push({ id: row.id, hash });
  }
  return changed.length > Math.max(MOST_CHANGED, MOST_SHARE * seen) ? [] : changed;
}

/** The hash of a row that is stored under none of its own; null where it is. */
function unknownHash(
  { id, aspect, a, b }: Row,
  prompt: Hash,
  find: (hash: Hash) => number | undefined,
): Hash | null {
  const replies = [responseHash(a), responseHash(b)] as const;
  for (let occurrence = 0; occurrence < MOST_ALIKE; occurrence += 1) {
    const hash = pairHash(prompt, replies, aspect, occurrence);
    const found = find(hash);
    if (found === undefined) return hash;
    if (found === id) return null;
  }
  return null;
}
