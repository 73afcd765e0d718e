import type { Database } from '../database.ts';
import { floatKey } from './order.ts';
import type { PairColumns } from './PairColumns.ts';

/** What the latest finished run says: the strongest code of each prompt, the margin of each pair that was scored. */
export class ModelColumns {
  readonly #run;
  readonly #codes;
  readonly #margins;

  constructor(database: Database) {
    this.#run = database
      .prepare<[], number | null>("SELECT max(id) FROM runs WHERE state = 'finished'")
      .pluck();
    this.#codes = database
      .prepare<[number | null], [number, number]>(
        'SELECT prompt_id, top_code FROM code_activations WHERE run_id = ?',
      )
      .raw();
    this.#margins = database
      .prepare<[number | null], [number, number]>('SELECT pair_id, margin FROM pair_results WHERE run_id = ?')
      .raw();
  }

  run(): number | null {
    return this.#run.get() ?? null;
  }

  codeKeys({ prompt, lastPrompt }: PairColumns): Uint32Array {
    const codes = new Uint32Array(lastPrompt + 1);
    for (const [promptId, code] of this.#codes.iterate(this.run())) {
      if (promptId <= lastPrompt) codes[promptId] = code + 1;
    }
    return prompt.map((promptId) => codes[promptId] as number);
  }

  marginKeys(size: number): Uint32Array {
    const keys = new Uint32Array(size);
    for (const [pairId, margin] of this.#margins.iterate(this.run())) {
      if (pairId < size) keys[pairId] = floatKey(margin);
    }
    return keys;
  }
}
