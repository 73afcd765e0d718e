/** p(z|x) by a checkpoint, as columns in memory. For the process that reads codes. */
import type { CodeEvidence } from '#core/codeEvidence.ts';
import { blobToWeights, type PromptRow, SELECT_PROMPT, toPrompt } from './codeTable.ts';
import type { Database } from './database.ts';
import { readStoredMessages } from './storedMessages.ts';

export interface StoredCodes {
  readonly runId: number;
  readonly step: number;
  readonly codes: number;
  /** Rising; a row each. */
  readonly promptIds: Uint32Array;
  /** Of each prompt's first pair. */
  readonly sources: readonly string[];
  /** prompts × codes. */
  readonly weights: Float32Array;
  readonly evidence: CodeEvidence | null;
}

export function storedCodes(database: Database) {
  const told = database.prepare<[number, number], { prompts: number; evidence: string | null }>(
    'SELECT prompts, evidence FROM checkpoint_figures WHERE run_id = ? AND step = ? AND prompts > 0',
  );
  // A prompt keeps its place when its pairs are excluded or deleted; one that cannot be read has none.
  const rows = database
    .prepare<[number, number], [number, Buffer, string | null]>(
      `SELECT activations.prompt_id, activations.weights, (
         SELECT sources.name FROM all_pairs JOIN sources ON sources.id = all_pairs.source_id
         WHERE all_pairs.prompt_id = activations.prompt_id ORDER BY all_pairs.id LIMIT 1)
       FROM code_activations AS activations JOIN prompts ON prompts.id = activations.prompt_id
       WHERE run_id = ? AND step = ? ORDER BY activations.prompt_id`,
    )
    .raw();
  const prompt = database.prepare<[number], Parameters<typeof toPrompt>[0]>(
    `${SELECT_PROMPT} WHERE prompts.id = ?`,
  );
  const promptIds = database
    .prepare<[number, number], number>(
      'SELECT prompt_id FROM code_activations WHERE run_id = ? AND step = ? ORDER BY prompt_id',
    )
    .pluck();
  const weightsOf = database
    .prepare<[number, number, string], Buffer>(
      `SELECT weights FROM code_activations WHERE run_id = ? AND step = ?
         AND prompt_id IN (SELECT value FROM json_each(?)) ORDER BY prompt_id`,
    )
    .pluck();
  const holding = database
    .prepare<[string], number>("SELECT id FROM prompts WHERE messages LIKE ? ESCAPE '^'")
    .pluck();
  const texts = database.prepare<[], [number, string]>('SELECT id, messages FROM prompts ORDER BY id').raw();

  function read(runId: number, step: number): StoredCodes | null {
    const figures = told.get(runId, step);
    if (!figures) return null;
    let codes = 0;
    let weights = new Float32Array(0);
    let promptIds = new Uint32Array(0);
    const sources: string[] = [];
    for (const [promptId, blob, source] of rows.iterate(runId, step)) {
      if (source === null) continue;
      if (codes === 0) {
        codes = blob.length / 4;
        weights = new Float32Array(figures.prompts * codes);
        promptIds = new Uint32Array(figures.prompts);
      }
      const row = sources.length;
      promptIds[row] = promptId;
      for (let code = 0; code < codes; code++) weights[row * codes + code] = blob.readFloatLE(4 * code);
      sources.push(source);
    }
    if (codes === 0) return null;
    return {
      ...{ runId, step, codes, sources },
      promptIds: promptIds.subarray(0, sources.length),
      weights: weights.subarray(0, sources.length * codes),
      evidence: JSON.parse(figures.evidence ?? 'null') as CodeEvidence | null,
    };
  }
  return {
    /** Of one state of the file; null where the checkpoint's codes are not stored, or not whole. */
    load: (runId: number, step: number): StoredCodes | null =>
      database.transaction(() => read(runId, step))(),
    /** Several reads of one state of the file. */
    atOnce: <T>(reads: () => T): T => database.transaction(reads)(),
    /** Prompts with codes by a checkpoint, rising; none where its codes are not whole. */
    promptIds: (runId: number, step: number): number[] =>
      told.get(runId, step) ? promptIds.all(runId, step) : [],
    /** p(z|x) of some of them, in the order of their ids. */
    weightsOf: (
      runId: number,
      step: number,
      ids: readonly number[],
    ): { codes: number; weights: Float32Array } => {
      const rows = weightsOf.all(runId, step, JSON.stringify(ids));
      const codes = (rows[0]?.length ?? 0) / 4;
      const weights = new Float32Array(rows.length * codes);
      for (const [row, blob] of rows.entries()) weights.set(blobToWeights(blob), row * codes);
      return { codes, weights };
    },
    prompt: (promptId: number): PromptRow | null => {
      const row = prompt.get(promptId);
      return row ? (toPrompt(row)[0] ?? null) : null;
    },
    /** Prompts whose messages hold a text; letters of English in either case. */
    holding: (text: string): Set<number> => {
      // Messages are stored as JSON: a quotation mark stands there with a backslash.
      const stored = JSON.stringify(text).slice(1, -1);
      return new Set(holding.iterate(`%${stored.replaceAll(/[%_^]/g, '^$&')}%`));
    },
    /** What people say in each prompt, in the order of `promptIds`, which rise. */
    userTexts: (promptIds: Uint32Array): string[] => {
      const said: string[] = [];
      for (const [id, text] of texts.iterate()) {
        if (said.length === promptIds.length) break;
        if (id !== promptIds[said.length]) continue;
        const stored = readStoredMessages(text);
        const messages = stored.ok ? stored.messages : [];
        said.push(messages.flatMap(({ role, content }) => (role === 'user' ? [content] : [])).join('\n'));
      }
      return said;
    },
  };
}
