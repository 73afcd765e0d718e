import type { QueueScope } from '#shared/entities.ts';
import { isLookedUp, type QueueFilter } from '../data/labelQueue.ts';
import type { Viewer } from '../data/pairRows.ts';
import type { ProjectReader } from '../read/ProjectReader.ts';
import type { Questions } from '../read/protocol.ts';

const FILTERS_KEPT = 8;
const NONE = new Uint32Array(0);
/** What a blind project hides depends on who asks. */
const keyOf = ({ text, sourceId, where }: QueueFilter, annotatorId: number | null): string =>
  JSON.stringify([text, sourceId, where, where && annotatorId]);

/** The pairs of a queue that is kept to a text, a source or conditions: looked up before a transaction, which cannot wait for it. */
export class TextScope {
  readonly #reader: ProjectReader<Questions>;
  readonly #state: () => string;
  readonly #known = new Map<string, { readonly state: string; readonly ids: Uint32Array }>();

  /** `state` changes when pairs come or go. */
  constructor(reader: ProjectReader<Questions>, state: () => string) {
    this.#reader = reader;
    this.#state = state;
  }

  /** Pairs stay in the queue that they began in, also where a verdict changes what their conditions ask: `anew` asks again. */
  async lookUp({ filter }: QueueScope, viewer: Viewer, anew = false): Promise<void> {
    if (filter === null || !isLookedUp(filter)) return;
    const { status: _, ...asked } = filter;
    const key = keyOf(filter, viewer.annotatorId);
    const state = this.#state();
    if (this.#known.get(key)?.state === state && !(anew && filter.where)) return;
    const ids = await this.#reader.ask('find', asked, viewer);
    if (this.#known.size >= FILTERS_KEPT) this.#known.clear();
    this.#known.set(key, { state, ids });
  }

  /** Ids in order, as they were looked up last. */
  idsOf(filter: QueueFilter, annotatorId: number): Uint32Array {
    return this.#known.get(keyOf(filter, annotatorId))?.ids ?? NONE;
  }
}
