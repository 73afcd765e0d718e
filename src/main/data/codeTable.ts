import type { PairResult } from '#core/jobs.ts';
import type { Message } from '#core/preference.ts';
import type { Database } from './database.ts';
import { readStoredMessages } from './storedMessages.ts';

/** The strongest codes of a pair stay in the run's own file: the project has p(z|x) of every prompt. */
export type StoredPairResult = Omit<PairResult, 'prior' | 'posterior'>;

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
}
type StoredPrompt = Omit<PromptRow, 'messages'> & { readonly messages: string };

const SELECT_PROMPT = `SELECT prompts.id, prompts.messages, prompts.preview,
  (SELECT sources.name FROM pairs JOIN sources ON sources.id = pairs.source_id
   WHERE pairs.prompt_id = prompts.id ORDER BY pairs.id LIMIT 1) AS source FROM prompts`;
/** None where the messages cannot be read: the pairs of such a prompt are set aside. */
function toPrompt(row: StoredPrompt): PromptRow[] {
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

export function codeTable(database: Database) {
  let revision = 0;
  const setStep = database.prepare<[number, number]>('UPDATE runs SET codes_step = ? WHERE id = ?');
  const clear = database.prepare<[number]>('DELETE FROM code_activations WHERE run_id = ?');
  const prompts = database.prepare<[], StoredPrompt>(`${SELECT_PROMPT} ORDER BY prompts.id`);
  const prompt = database.prepare<[number], StoredPrompt>(`${SELECT_PROMPT} WHERE prompts.id = ?`);
  const addActivation = database.prepare<[number, number, number, number, Buffer]>(
    'INSERT INTO code_activations (run_id, prompt_id, top_code, top_weight, weights) VALUES (?, ?, ?, ?, ?)',
  );
  const activations = database.prepare<[number], { promptId: number; weights: Buffer }>(
    'SELECT prompt_id AS promptId, weights FROM code_activations WHERE run_id = ? ORDER BY prompt_id',
  );
  const addResult = database.prepare<[StoredPairResult & { runId: number }]>(
    `INSERT OR REPLACE INTO pair_results
       (run_id, pair_id, margin, reward_chosen, reward_rejected, posterior_margin, swapped_margin, kl)
     VALUES (@runId, @pairId, @margin, @rewardChosen, @rewardRejected, @posteriorMargin, @swappedMargin, @kl)`,
  );
  return {
    prompts: () => prompts.all().flatMap(toPrompt),
    prompt: (promptId: number): PromptRow | null => {
      const row = prompt.get(promptId);
      return row ? (toPrompt(row)[0] ?? null) : null;
    },
    /** Counts what was stored, for those who keep something of it at hand. */
    revision: (): number => revision,
    /** In place of what the run had. `weights`: rows × codes in the order of `promptIds`, by the checkpoint of `step`. */
    putActivations: ({ runId, step, promptIds, weights, codes }: Activations) => {
      database.transaction(() => {
        clear.run(runId);
        setStep.run(step, runId);
        for (const [row, promptId] of promptIds.entries()) {
          const values = weights.slice(row * codes, (row + 1) * codes);
          const top = strongest(values);
          const blob = Buffer.alloc(4 * codes);
          for (const [code, value] of values.entries()) blob.writeFloatLE(value, 4 * code);
          addActivation.run(runId, promptId, top, values[top] as number, blob);
        }
      })();
      revision += 1;
    },
    activations: (runId: number) => activations.all(runId),
    putResults: (runId: number, results: readonly StoredPairResult[]) => {
      database.transaction(() => {
        for (const result of results) addResult.run({ ...result, runId });
      })();
    },
  };
}
