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
export interface Activations {
  readonly runId: number;
  readonly step: number;
  readonly promptIds: readonly number[];
  readonly weights: Float32Array;
  readonly codes: number;
  readonly evidence: CodeEvidence | null;
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

/** Rows stored in one turn: a verdict waits for no more. */
const SLICE_ROWS = 1000;

export function codeTable(database: Database) {
  let revision = 0;
  const clear = database.prepare<[number, number]>(
    'DELETE FROM code_activations WHERE run_id = ? AND step = ?',
  );
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
  const prompt = database.prepare<[number], StoredPrompt>(`${SELECT_PROMPT} WHERE prompts.id = ?`);
  const addActivation = database.prepare<[number, number, number, number, number, Buffer]>(
    `INSERT INTO code_activations (run_id, step, prompt_id, top_code, top_weight, weights)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  return {
    prompts: () => prompts.all().flatMap(toPrompt),
    prompt: (promptId: number): PromptRow | null => {
      const row = prompt.get(promptId);
      return row ? (toPrompt(row)[0] ?? null) : null;
    },
    /** Counts what was stored, for those who keep something of it at hand. */
    revision: (): number => revision,
    /** Steps of a run whose codes are stored, in order. */
    steps: (runId: number) => steps.all(runId),
    /**
     * In place of what the checkpoint had, a turn at a time; seen once all is there. `weights`: rows × codes in the order of
     * `promptIds`.
     */
    *putActivations({
      runId,
      step,
      promptIds,
      weights,
      codes,
      evidence: found,
    }: Activations): Generator<() => void> {
      yield () => {
        forget.run(runId, step);
        clear.run(runId, step);
        revision += 1;
      };
      for (let first = 0; first < promptIds.length; first += SLICE_ROWS) {
        yield database.transaction(() => {
          for (const [at, promptId] of promptIds.slice(first, first + SLICE_ROWS).entries()) {
            const row = first + at;
            const values = weights.subarray(row * codes, (row + 1) * codes);
            const top = strongest(values);
            const blob = Buffer.alloc(4 * codes);
            for (const [code, value] of values.entries()) blob.writeFloatLE(value, 4 * code);
            addActivation.run(runId, step, promptId, top, values[top] as number, blob);
          }
        });
      }
      yield () => {
        told.run(runId, step, promptIds.length, JSON.stringify(found));
        revision += 1;
      };
    },
  };
}
