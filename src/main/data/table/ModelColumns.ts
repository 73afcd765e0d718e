import type { Database } from '../database.ts';
import { floatKey, grown } from './order.ts';
import type { PairColumns } from './PairColumns.ts';
import { type Part, readAll } from './Part.ts';

/** A checkpoint, and of how many prompts and pairs its figures are there: they come, and come anew, while it is shown. */
type Shown = readonly [runId: number, step: number, prompts: number, pairs: number];

/** Rows that a step reads. */
const ROWS = 10_000;

/** A figure of the checkpoint that is shown, by prompt or by pair; read anew where another is shown. */
class ModelColumn implements Part {
  readonly weight = 1;
  readonly #rows;
  readonly #key: (value: number) => number;
  readonly #shown: () => Shown | null;
  #of = 'null';
  #upTo = 0;
  keys = new Uint32Array(0);

  constructor(database: Database, sql: string, key: (value: number) => number, shown: () => Shown | null) {
    this.#rows = database.prepare<[number, number, number, number], [id: number, value: number]>(sql).raw();
    this.#key = key;
    this.#shown = shown;
  }

  isBehind(last: number): boolean {
    const shown = this.#shown();
    const of = JSON.stringify(shown);
    if (of !== this.#of) {
      this.#of = of;
      this.#upTo = 0;
      this.keys = new Uint32Array(0);
    }
    return shown !== null && last > this.#upTo;
  }
  share(last: number): number {
    return last === 0 ? 1 : Math.min(1, this.#upTo / last);
  }
  step(last: number): void {
    const shown = this.#shown();
    if (!this.isBehind(last) || shown === null) return;
    const to = Math.min(last, this.#upTo + ROWS);
    this.keys = grown(this.keys, last + 1);
    for (const [id, value] of this.#rows.iterate(shown[0], shown[1], this.#upTo, to)) {
      this.keys[id] = this.#key(value);
    }
    this.#upTo = to;
  }
}

/** What the checkpoint that is shown says: the strongest code of each prompt, the margin of each pair that was scored. */
export class ModelColumns {
  readonly #shown;
  readonly #codes: ModelColumn;
  readonly margins: Part & { readonly keys: Uint32Array };

  constructor(database: Database) {
    const statement = database
      .prepare<[], Shown>(
        `SELECT run_id, step, prompts, pairs FROM shown_figures JOIN checkpoint_figures USING (run_id, step)`,
      )
      .raw();
    this.#shown = (): Shown | null => statement.get() ?? null;
    this.#codes = new ModelColumn(
      database,
      `SELECT prompt_id, top_code FROM code_activations
       WHERE run_id = ? AND step = ? AND prompt_id > ? AND prompt_id <= ?`,
      (code) => code + 1,
      this.#shown,
    );
    this.margins = new ModelColumn(
      database,
      `SELECT pair_id, margin FROM pair_results WHERE run_id = ? AND step = ? AND pair_id > ? AND pair_id <= ?`,
      floatKey,
      this.#shown,
    );
  }

  /** Changes with the figures that are shown. */
  version(): string {
    return JSON.stringify(this.#shown());
  }

  /** Of the prompts of pairs that were read. */
  codes(pairs: PairColumns): Part {
    const codes = this.#codes;
    return {
      weight: codes.weight,
      isBehind: () => codes.isBehind(pairs.lastPrompt),
      share: () => codes.share(pairs.lastPrompt),
      step: () => codes.step(pairs.lastPrompt),
    };
  }

  codeKeys(pairs: PairColumns): Uint32Array {
    readAll(this.codes(pairs), pairs.upTo, 0);
    const { keys } = this.#codes;
    return pairs.prompt.map((promptId) => keys[promptId] ?? 0);
  }

  marginKeys(last: number, size: number): Uint32Array {
    readAll(this.margins, last, size);
    return grown(this.margins.keys.slice(0, size), size);
  }
}
