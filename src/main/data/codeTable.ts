import type { CodeEvidence } from '#core/codeEvidence.ts';
import type { Message } from '#core/preference.ts';
import type { Database } from './database.ts';
import { readStoredMessages } from './storedMessages.ts';

export interface PromptRow {
  readonly id: number;
  readonly messages: readonly Message[];
  readonly preview: string;
  /** Source of the prompt's first pair. */
  readonly source: string;
}
/** p(z|x) that a checkpoint is to have. */
interface ActivationsOf {
  readonly runId: number;
  readonly step: number;
  readonly codes: number;
  readonly evidence: CodeEvidence | null;
}
/** Some rows of it: `weights` are rows × codes in the order of `promptIds`. */
export interface ActivationRows {
  readonly promptIds: ArrayLike<number>;
  readonly weights: Float32Array;
}
type StoredPrompt = Omit<PromptRow, 'messages'> & { readonly messages: string };

export const SELECT_PROMPT = `SELECT prompts.id, prompts.messages, prompts.preview,
  (SELECT sources.name FROM all_pairs JOIN sources ON sources.id = all_pairs.source_id
   WHERE all_pairs.prompt_id = prompts.id ORDER BY all_pairs.id LIMIT 1) AS source FROM prompts`;
/** None where the messages cannot be read: the pairs of such a prompt are set aside. */
export function toPrompt(row: StoredPrompt): PromptRow[] {
  const stored = readStoredMessages(row.messages);
  return stored.ok ? [{ ...row, messages: stored.messages }] : [];
}

function strongest(weights: Float32Array): number {
  let best = 0;
  for (let code = 1; code < weights.length; code++) {
    if ((weights[code] as number) > (weights[best] as number)) best = code;
  }
  return best;
}

/** Float32 values of a blob; copied, since a blob's memory need not be aligned. */
export function blobToWeights(blob: Buffer): Float32Array {
  const weights = new Float32Array(blob.length / 4);
  for (let code = 0; code < weights.length; code++) weights[code] = blob.readFloatLE(4 * code);
  return weights;
}

/** Rows stored or taken away in one turn: a verdict waits for no more. */
export const SLICE_ROWS = 1000;

/** Prompts read at once. */
const PAGE_PROMPTS = 200;

export function codeTable(database: Database) {
  let revision = 0;
  const clear = database.prepare<{ runId: number; step: number }>(
    `DELETE FROM code_activations WHERE run_id = @runId AND step = @step AND prompt_id IN (
       SELECT prompt_id FROM code_activations WHERE run_id = @runId AND step = @step
       ORDER BY prompt_id LIMIT ${SLICE_ROWS})`,
  );
  const there = database
    .prepare<[string], number>('SELECT id FROM prompts WHERE id IN (SELECT value FROM json_each(?))')
    .pluck();
  const forget = database.prepare<[number, number]>(
    'UPDATE checkpoint_figures SET prompts = 0 WHERE run_id = ? AND step = ?',
  );
  const told = database.prepare<[number, number, number, string]>(
    `INSERT INTO checkpoint_figures (run_id, step, prompts, evidence) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, step) DO UPDATE SET prompts = excluded.prompts, evidence = excluded.evidence`,
  );
  const steps = database
    .prepare<[number], number>(
      'SELECT step FROM checkpoint_figures WHERE run_id = ? AND prompts > 0 ORDER BY step',
    )
    .pluck();
  const prompts = database.prepare<[], StoredPrompt>(`${SELECT_PROMPT} ORDER BY prompts.id`);
  const promptsAfter = database.prepare<[number], StoredPrompt>(
    `${SELECT_PROMPT} WHERE prompts.id > ? ORDER BY prompts.id LIMIT ${PAGE_PROMPTS}`,
  );
  const prompt = database.prepare<[number], StoredPrompt>(`${SELECT_PROMPT} WHERE prompts.id = ?`);
  const addActivation = database.prepare<[number, number, number, number, number, Buffer]>(
    `INSERT INTO code_activations (run_id, step, prompt_id, top_code, top_weight, weights)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  return {
    prompts: () => prompts.all().flatMap(toPrompt),
    /** The same a page at a time, so that whoever takes them can wait in between; what is added meanwhile comes too. */
    *eachPrompt(): Generator<PromptRow> {
      for (let after = -1; ; ) {
        const page = promptsAfter.all(after);
        for (const row of page) yield* toPrompt(row);
        const last = page.at(-1);
        if (!last) return;
        after = last.id;
      }
    },
    prompt: (promptId: number): PromptRow | null => {
      const row = prompt.get(promptId);
      return row ? (toPrompt(row)[0] ?? null) : null;
    },
    /** Counts what was stored, for those who keep something of it at hand. */
    revision: (): number => revision,
    /** Steps of a run whose codes are stored, in order. */
    steps: (runId: number) => steps.all(runId),
    /** Which of some prompts the project has, and can read. */
    promptsThere: (ids: readonly number[]): Set<number> => new Set(there.all(JSON.stringify(ids))),
    /** In place of what the checkpoint had, a turn at a time; seen once all is there. Of no more than `SLICE_ROWS` rows at once. */
    async *putActivations(
      { runId, step, codes, evidence: found }: ActivationsOf,
      slices: AsyncIterable<ActivationRows>,
    ): AsyncGenerator<() => void> {
      yield () => {
        forget.run(runId, step);
        revision += 1;
      };
      for (let left = SLICE_ROWS; left === SLICE_ROWS; )
        yield () => {
          left = clear.run({ runId, step }).changes;
        };
      let stored = 0;
      for await (const { promptIds, weights } of slices) {
        yield database.transaction(() => {
          for (let row = 0; row < promptIds.length; row++) {
            const values = weights.subarray(row * codes, (row + 1) * codes);
            const top = strongest(values);
            const blob = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
            addActivation.run(runId, step, promptIds[row] as number, top, values[top] as number, blob);
          }
        });
        stored += promptIds.length;
      }
      yield () => {
        told.run(runId, step, stored, JSON.stringify(found));
        revision += 1;
      };
    },
  };
}
