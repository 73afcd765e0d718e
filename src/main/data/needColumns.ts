import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import { predictedDisagreement } from '#core/queueNeed.ts';
import { entropy } from '#core/statistics.ts';
import { blobToWeights } from './codeTable.ts';
import type { Database } from './database.ts';
import type { PairColumns } from './table/PairColumns.ts';

/** Whose figures are read: those of the checkpoint that is named, else of the newest that has any. */
export interface NeedOf {
  readonly runId: number;
  readonly checkpoint: CheckpointKind | undefined;
}
/** What stored figures of a run say of each pair, by its id; NaN where it does not. `codes`: labels of its code. */
export interface NeedColumns {
  readonly margin: Float32Array;
  readonly entropy: Float32Array;
  readonly gap: Float32Array;
  readonly codes: Float32Array;
  readonly disagreement: Float32Array;
  readonly code: Float32Array;
}

const unknown = (size: number): Float32Array => new Float32Array(size).fill(Number.NaN);

/** The step of a named checkpoint, or the newest of a table; null where there is none. */
const stepFrom = (newest: string): string => `(SELECT CASE WHEN @checkpoint IS NULL THEN (${newest})
  ELSE (SELECT step FROM checkpoints WHERE run_id = @runId AND kind = @checkpoint) END)`;

interface Asked {
  readonly runId: number;
  readonly checkpoint: CheckpointKind | null;
}

export function needColumns(
  database: Database,
  pairs: PairColumns,
  { runId, checkpoint }: NeedOf,
  size: number,
): NeedColumns {
  const asked = { runId, checkpoint: checkpoint ?? null };
  const ofPrompt = { code: unknown(pairs.lastPrompt + 1), entropy: unknown(pairs.lastPrompt + 1) };
  const activations = database.prepare<[Asked], [number, number, Buffer]>(
    `SELECT prompt_id, top_code, weights FROM code_activations WHERE run_id = @runId AND step = ${stepFrom(
      'SELECT max(step) FROM checkpoint_figures WHERE run_id = @runId AND prompts > 0',
    )}`,
  );
  for (const [promptId, code, weights] of activations.raw().iterate(asked)) {
    if (promptId > pairs.lastPrompt) continue;
    ofPrompt.code[promptId] = code;
    ofPrompt.entropy[promptId] = entropy(blobToWeights(weights));
  }
  const columns = {
    margin: unknown(size),
    entropy: unknown(size),
    gap: unknown(size),
    codes: unknown(size),
    disagreement: unknown(size),
    code: unknown(size),
  };
  // Held-out pairs of the run, then what was scored for the queue.
  const scores = database.prepare<[Asked], [number, number, number | null]>(
    `SELECT pair_id, abs(margin), (abs(posterior_margin - margin) + abs(swapped_margin - margin)) / 2
     FROM pair_results WHERE run_id = @runId AND step = ${stepFrom(
       'SELECT max(step) FROM checkpoint_figures WHERE run_id = @runId AND pairs > 0',
     )}
     UNION ALL SELECT pair_id, margin, gap FROM need_scores WHERE run_id = @runId AND step = ${stepFrom(
       'SELECT max(step) FROM need_scores WHERE run_id = @runId',
     )}`,
  );
  for (const [pairId, margin, gap] of scores.raw().iterate(asked)) {
    if (pairId >= size) continue;
    columns.margin[pairId] = margin;
    if (gap !== null) columns.gap[pairId] = gap;
  }
  for (let pairId = 1; pairId < size; pairId++) {
    const prompt = pairs.prompt[pairId] as number;
    if (prompt === 0) continue;
    columns.code[pairId] = ofPrompt.code[prompt] as number;
    columns.entropy[pairId] = ofPrompt.entropy[prompt] as number;
  }
  fillFromLabels(database, columns, size);
  return columns;
}

interface Seen {
  labels: number;
  different: number;
  compared: number;
}

/** How many pairs of a code are labelled, and how often two people differ on them. */
function fillFromLabels(database: Database, columns: NeedColumns, size: number): void {
  const byCode = new Map<number, Seen>();
  const all: Seen = { labels: 0, different: 0, compared: 0 };
  // Of one pair: n labels, and the sum of squares of how often each occurs.
  const labels = database.prepare<[], [number, number, number]>(
    `SELECT pair_id, sum(times), sum(times * times) FROM (
       SELECT pair_id, count(*) AS times FROM standing WHERE decision <> 'skip' GROUP BY pair_id, decision)
     GROUP BY pair_id`,
  );
  for (const [pairId, count, squares] of labels.raw().iterate()) {
    const code = columns.code[pairId];
    if (pairId >= size || code === undefined || Number.isNaN(code)) continue;
    const seen = byCode.get(code) ?? { labels: 0, different: 0, compared: 0 };
    byCode.set(code, seen);
    for (const tally of [seen, all]) {
      tally.labels += 1;
      tally.compared += (count * (count - 1)) / 2;
      tally.different += (count * count - squares) / 2;
    }
  }
  const overall = all.compared === 0 ? null : all.different / all.compared;
  for (let pairId = 1; pairId < size; pairId++) {
    const code = columns.code[pairId] as number;
    if (Number.isNaN(code)) continue;
    const seen = byCode.get(code) ?? { labels: 0, different: 0, compared: 0 };
    columns.codes[pairId] = seen.labels;
    if (overall === null) continue;
    const margin = columns.margin[pairId] as number;
    const size_ = Number.isNaN(margin) ? null : margin;
    columns.disagreement[pairId] = predictedDisagreement(seen, overall, size_);
  }
}
