import type { QueueScope } from '#shared/entities.ts';
import type { Viewer } from '../data/pairRows.ts';
import type { OrderedColumns } from '../data/queueOrders.ts';
import type { ProjectReader } from '../read/ProjectReader.ts';
import type { Questions } from '../read/protocol.ts';

const ORDERS_KEPT = 4;

/** Queues in another order than that of the import, as the process that reads made them. */
export class QueueOrders {
  readonly #reader: ProjectReader<Questions>;
  readonly #state: () => string;
  readonly #known = new Map<string, { readonly state: string; readonly order: OrderedColumns }>();

  /** `state` changes when pairs come or go. */
  constructor(reader: ProjectReader<Questions>, state: () => string) {
    this.#reader = reader;
    this.#state = state;
  }

  /** An order lasts while one labels by it: `anew` makes it again, by what stands now. */
  async lookUp(scope: QueueScope, viewer: Viewer, anew = false): Promise<void> {
    const { order, filter } = scope;
    if (order === undefined) return;
    const key = keyOf(scope, viewer.annotatorId);
    const state = this.#state();
    if (!anew && this.#known.get(key)?.state === state) return;
    const { status: _, ...within } = filter ?? { text: '', sourceId: null, status: 'all' };
    const found = await this.#reader.ask('order', order, within, viewer);
    if (this.#known.size >= ORDERS_KEPT) this.#known.clear();
    this.#known.set(key, { state, order: found });
  }

  /** Null where the order is that of the import. */
  of(scope: QueueScope, annotatorId: number): OrderedColumns | null {
    if (scope.order === undefined) return null;
    return this.#known.get(keyOf(scope, annotatorId))?.order ?? null;
  }
}

const keyOf = ({ filter, order }: QueueScope, annotatorId: number | null): string =>
  JSON.stringify([filter?.text, filter?.sourceId, filter?.where, order, annotatorId]);
