import type { Database } from '../database.ts';
import { floatKey } from './order.ts';
import type { PairColumns } from './PairColumns.ts';

/** What the checkpoint that is shown says: the strongest code of each prompt, the margin of each pair that was scored. */
export class ModelColumns {
  readonly #shown;
  readonly #codes;
  readonly #margins;

  constructor(database: Database) {
    this.#shown = database.prepare<[], [number, number]>('SELECT run_id, step FROM shown_figures').raw();
    this.#codes = database
      .prepare<[number, number], [number, number]>(
        'SELECT prompt_id, top_code FROM code_activations WHERE run_id = ? AND step = ?',
      )
      .raw();
    this.#margins = database
      .prepare<[number, number], [number, number]>(
        'SELECT pair_id, margin FROM pair_results WHERE run_id = ? AND step = ?',
      )
      .raw();
  }

  /** Changes with the checkpoint that is shown. */
  version(): string {
    return JSON.stringify(this.#shown.get() ?? null);
  }

  codeKeys({ prompt, lastPrompt }: PairColumns): Uint32Array {
    const codes = new Uint32Array(lastPrompt + 1);
    const shown = this.#shown.get();
    for (const [promptId, code] of shown ? this.#codes.iterate(...shown) : []) {
      if (promptId <= lastPrompt) codes[promptId] = code + 1;
    }
    return prompt.map((promptId) => codes[promptId] as number);
  }

  marginKeys(size: number): Uint32Array {
    const keys = new Uint32Array(size);
    const shown = this.#shown.get();
    for (const [pairId, margin] of shown ? this.#margins.iterate(...shown) : []) {
      if (pairId < size) keys[pairId] = floatKey(margin);
    }
    return keys;
  }
}
