import type { QueueScope } from '#shared/entities.ts';
import type { QueueFilter } from '../data/labelQueue.ts';
import type { ProjectReader } from '../read/ProjectReader.ts';

const FILTERS_KEPT = 8;

/** The pairs of a queue that is kept to a text: looked up before a transaction, which cannot wait for it. */
export class TextScope {
  readonly #reader: ProjectReader;
  readonly #state: () => string;
  readonly #known = new Map<string, { readonly state: string; readonly ids: readonly number[] }>();

  /** `state` changes when pairs come or go. */
  constructor(reader: ProjectReader, state: () => string) {
    this.#reader = reader;
    this.#state = state;
  }

  async lookUp({ filter }: QueueScope): Promise<void> {
    if (filter === null || filter.text.trim() === '') return;
    const { text, sourceId } = filter;
    const key = JSON.stringify([text, sourceId]);
    const state = this.#state();
    if (this.#known.get(key)?.state === state) return;
    const ids = await this.#reader.ask('find', { text, sourceId });
    if (this.#known.size >= FILTERS_KEPT) this.#known.clear();
    this.#known.set(key, { state, ids });
  }

  /** Ids in order, as they were looked up last. */
  idsOf({ text, sourceId }: QueueFilter): readonly number[] {
    return this.#known.get(JSON.stringify([text, sourceId]))?.ids ?? [];
  }
}
