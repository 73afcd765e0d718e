import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import { entropy } from '#core/statistics.ts';
import { blobToWeights } from '../codeTable.ts';
import type { Database } from '../database.ts';

/** Whose figures are read: those of the checkpoint that is named, else of the newest that has any. */
export interface NeedOf {
  readonly runId: number;
  readonly checkpoint: CheckpointKind | undefined;
}
interface Asked {
  readonly runId: number;
  readonly checkpoint: CheckpointKind | null;
}
interface Page {
  readonly runId: number;
  readonly step: number | null;
  readonly after: number;
}
/** Steps whose figures are read, and what changes when further ones are stored. */
interface Stored {
  readonly codes: number | null;
  readonly results: number | null;
  readonly scores: number | null;
  readonly state: string;
}

/** Rows read in one go: some milliseconds. */
const ROWS = 5000;
const stepFrom = (newest: string): string => `(SELECT CASE WHEN @checkpoint IS NULL THEN (${newest})
  ELSE (SELECT step FROM checkpoints WHERE run_id = @runId AND kind = @checkpoint) END)`;
const PAGE = `WHERE run_id = @runId AND step = @step`;

/** Looks up what is stored of a checkpoint. */
export function storedFigures(database: Database) {
  const stored = database.prepare<[Asked], Stored>(
    `SELECT codes, results, scores, coalesce(codes, '') || ' ' || coalesce(results, '') || ' ' ||
       coalesce(scores, '') || ' ' ||
       coalesce((SELECT sum(prompts + pairs) FROM checkpoint_figures WHERE run_id = @runId), 0) || ' ' ||
       (SELECT count(*) FROM need_scores WHERE run_id = @runId AND step = scores) AS state
     FROM (SELECT
       ${stepFrom('SELECT max(step) FROM checkpoint_figures WHERE run_id = @runId AND prompts > 0')} AS codes,
       ${stepFrom('SELECT max(step) FROM checkpoint_figures WHERE run_id = @runId AND pairs > 0')} AS results,
       ${stepFrom('SELECT max(step) FROM need_scores WHERE run_id = @runId')} AS scores)`,
  );
  return ({ runId, checkpoint }: NeedOf): Stored =>
    stored.get({ runId, checkpoint: checkpoint ?? null }) as Stored;
}

/** What a checkpoint says of each prompt and pair, by their ids: NaN, or −1 for a code, where it does not. Read in pieces. */
export class RunFigures {
  readonly #runId: number;
  readonly #stored: Stored;
  readonly #codes;
  readonly #results;
  readonly #scores;
  #part: 'codes' | 'results' | 'scores' | 'done' = 'codes';
  #after = 0;
  code: Int32Array = new Int32Array(0);
  entropy: Float32Array = new Float32Array(0);
  margin: Float32Array = new Float32Array(0);
  gap: Float32Array = new Float32Array(0);

  constructor(database: Database, runId: number, stored: Stored) {
    this.#runId = runId;
    this.#stored = stored;
    this.#codes = database
      .prepare<[Page], [number, number, Buffer]>(
        `SELECT prompt_id, top_code, weights FROM code_activations ${PAGE} AND prompt_id > @after
         ORDER BY prompt_id LIMIT ${ROWS}`,
      )
      .raw();
    this.#results = database
      .prepare<[Page], [number, number, number | null]>(
        `SELECT pair_id, abs(margin), (abs(posterior_margin - margin) + abs(swapped_margin - margin)) / 2
         FROM pair_results ${PAGE} AND pair_id > @after ORDER BY pair_id LIMIT ${ROWS}`,
      )
      .raw();
    this.#scores = database
      .prepare<[Page], [number, number, number | null]>(
        `SELECT pair_id, margin, gap FROM need_scores ${PAGE} AND pair_id > @after ORDER BY pair_id LIMIT ${ROWS}`,
      )
      .raw();
  }

  get state(): string {
    return this.#stored.state;
  }
  get isWhole(): boolean {
    return this.#part === 'done';
  }

  /** Takes some milliseconds. Held-out pairs of the run come first, then what was scored for the queue, which counts. */
  step(): void {
    const part = this.#part;
    if (part === 'done') return;
    const page = { runId: this.#runId, step: this.#stored[part], after: this.#after };
    const rows = part === 'codes' ? this.#takeCodes(page) : this.#takePairs(part, page);
    if (rows === ROWS) return;
    this.#after = 0;
    this.#part = part === 'codes' ? 'results' : part === 'results' ? 'scores' : 'done';
  }

  #takeCodes(page: Page): number {
    const rows = this.#codes.all(page);
    const last = rows.at(-1)?.[0] ?? 0;
    if (last >= this.code.length) {
      this.code = roomFor(this.code, last, -1);
      this.entropy = roomFor(this.entropy, last, Number.NaN);
    }
    for (const [promptId, code, weights] of rows) {
      this.code[promptId] = code;
      this.entropy[promptId] = entropy(blobToWeights(weights));
    }
    this.#after = last;
    return rows.length;
  }

  #takePairs(part: 'results' | 'scores', page: Page): number {
    const rows = (part === 'results' ? this.#results : this.#scores).all(page);
    const last = rows.at(-1)?.[0] ?? 0;
    if (last >= this.margin.length) {
      this.margin = roomFor(this.margin, last, Number.NaN);
      this.gap = roomFor(this.gap, last, Number.NaN);
    }
    for (const [pairId, margin, gap] of rows) {
      this.margin[pairId] = margin;
      if (gap !== null) this.gap[pairId] = gap;
    }
    this.#after = last;
    return rows.length;
  }
}

/** Half as much again as is needed now. */
function roomFor<T extends Int32Array | Float32Array>(values: T, id: number, none: number): T {
  const larger = new (values.constructor as new (length: number) => T)(Math.ceil(1.5 * (id + 1))).fill(
    none,
  ) as T;
  larger.set(values);
  return larger;
}
