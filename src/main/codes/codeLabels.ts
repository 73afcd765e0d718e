/** The labels of a code, read off what the posterior was found to say of a run's pairs. */
import { z } from 'zod';
import { readJsonLines } from '#disk/lines.ts';
import type { CodeLabels } from '#shared/codeLabels.ts';
import { heldOutPrompts, readDataset, textsOf } from '../data/runDataset.ts';
import type { Tick } from '../pass/protocol.ts';

export interface CodeLabelsAsk {
  readonly runDir: string;
  readonly scored: string;
  readonly code: number;
}

const SHOWN = 10;

const strongestSchema = z.object({ code: z.number(), weight: z.number() });
const rowSchema = z.object({
  pairId: z.string(),
  prior: strongestSchema.nullable().optional(),
  posterior: strongestSchema.nullable().optional(),
});
type Row = z.infer<typeof rowSchema>;

/** Pairs that were held out made nothing; labels of single replies have ids that are no numbers. */
async function trainedPairs(runDir: string): Promise<Set<string>> {
  const heldOut = new Set(await heldOutPrompts(runDir));
  const trained = new Set<string>();
  for await (const { id, promptId } of readDataset(runDir))
    if (!heldOut.has(promptId) && /^\d+$/.test(id)) trained.add(id);
  return trained;
}

/** As a pass: `scored` holds what the checkpoint's posterior says of the run's pairs. */
export async function labelsOfCode({ runDir, scored, code }: CodeLabelsAsk, tick: Tick): Promise<CodeLabels> {
  const trained = await trainedPairs(runDir);
  const found: Row[] = [];
  let pairs = 0;
  for await (const row of readJsonLines(scored, (value) => rowSchema.parse(value))) {
    if (!trained.has(row.pairId)) continue;
    pairs += 1;
    tick(pairs, trained.size);
    if (row.posterior?.code === code) found.push(row);
  }
  const weight = ({ posterior }: Row) => posterior?.weight ?? 0;
  const top = found.toSorted((a, b) => weight(b) - weight(a) || Number(a.pairId) - Number(b.pairId));
  const shown = top.slice(0, SHOWN);
  const texts = await textsOf(
    runDir,
    shown.map(({ pairId }) => Number(pairId)),
  );
  return {
    reason: null,
    pairs,
    strongest: found.length,
    top: shown.map((row, at) => ({
      pairId: Number(row.pairId),
      prompt: texts[at]?.prompt ?? '',
      posterior: weight(row),
      // Of another strongest code no more is known than that it has less.
      prior: row.prior?.code === code ? row.prior.weight : null,
    })),
  };
}
