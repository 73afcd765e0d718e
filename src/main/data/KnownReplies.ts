import type { Database } from './database.ts';
import { type Hash, responseHash } from './hashes.ts';
import { storedTurns } from './storedMessages.ts';

/** Replies held at once, over all prompts. */
const MOST_REPLIES = 100_000;

interface StoredReply {
  readonly id: number;
  readonly text: string;
  readonly turns: string | null;
}

/** Stored replies of prompts that come up again, by their hash: read once a prompt, then kept up as replies are added. */
export class KnownReplies {
  readonly #read: (promptId: number) => readonly StoredReply[];
  readonly #byPrompt = new Map<number, Map<string, number>>();
  #count = 0;

  /** `settle` writes the replies that still wait to be. */
  constructor(database: Database, settle: () => void) {
    const replies = database.prepare<[{ promptId: number }], StoredReply>(
      `SELECT id, text, turns FROM responses WHERE id IN (
         SELECT a_id FROM stored_pairs WHERE prompt_id = @promptId UNION SELECT b_id FROM stored_pairs WHERE prompt_id = @promptId)`,
    );
    this.#read = (promptId) => {
      settle();
      return replies.all({ promptId });
    };
  }

  /** The stored reply of this hash to a prompt that was there before. */
  find(promptId: number, hash: Hash): number | undefined {
    return this.#of(promptId).get(hash);
  }

  /** Remembers a reply that was just stored. */
  add(promptId: number, hash: Hash, id: number): void {
    const replies = this.#byPrompt.get(promptId);
    if (!replies) return;
    replies.set(hash, id);
    this.#count += 1;
  }

  #of(promptId: number): Map<string, number> {
    const known = this.#byPrompt.get(promptId);
    if (known) return known;
    if (this.#count > MOST_REPLIES) {
      this.#byPrompt.clear();
      this.#count = 0;
    }
    const replies = new Map(
      this.#read(promptId).map(({ id, text, turns }) => [responseHash(text, storedTurns(turns)), id]),
    );
    this.#byPrompt.set(promptId, replies);
    this.#count += replies.size;
    return replies;
  }
}
