/** Small runs by which a machine shows that it computes what Facet's own engine does: settings, pairs and trace. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { Facet } from '../app.ts';
import { modelIdOf } from '../cli/trainCommand.ts';
import { resourcesDir } from '../environment.ts';

/** Rows of the sample; each is a pair as it is, and one of the opposite taste. */
const ROWS = 32;
const SOURCE = 'Customer support';

const SHORT = {
  steps: 20,
  warmupSteps: 4,
  tokenBudget: 512,
  maxPromptTokens: 64,
  maxReplyTokens: 96,
  evaluateEvery: 10,
  heldOutShare: 0.2,
  engine: 'onnx-cpu',
} as const;
const SMALL: RunConfig = {
  ...DEFAULT_RUN,
  ...SHORT,
  latent: { ...DEFAULT_LATENT, codes: 8, batchEntropyBonus: 0 },
};
/** Long enough for the adapter to join. */
const SHORTEST: RunConfig = { ...SMALL, steps: 8, headsFirst: 0.25, evaluateEvery: 0 };

/** Between them every objective, every stage, every remedy, every kind of noise, and the warm start. */
export const CHECKS: Readonly<Record<string, RunConfig>> = {
  robust: { ...ROBUST_RUN, ...SHORT },
  'dpo-lora': { ...SMALL, headsFirst: 0.5, loraDropout: 0.1 },
  'ipo-full': {
    ...SMALL,
    objective: 'ipo',
    trainable: 'full',
    headsFirst: 0.25,
    learningRate: 1e-4,
    weightDecay: 0.01,
    accumulation: 2,
    latent: {
      ...DEFAULT_LATENT,
      codes: 8,
      pooling: 'last',
      klWarmupSteps: 8,
      freeBits: 0.01,
      finalTemperature: 0.5,
      inference: 'sample',
      reseedDeadEvery: 5,
    },
  },
  'simpo-layers': {
    ...SMALL,
    objective: 'simpo',
    beta: 2,
    headsFirst: 0.3,
    latent: { ...DEFAULT_LATENT, codes: 8, injection: 'layers', inference: 'argmax' },
  },
  gaussian: {
    ...SMALL,
    trainable: 'heads',
    headsLearningRate: 2e-3,
    latent: { ...DEFAULT_LATENT, kind: 'gaussian' },
  },
  orpo: { ...SHORTEST, objective: 'orpo' },
  cpo: { ...SHORTEST, objective: 'cpo', labelSmoothing: 0.1 },
  'robust-dpo': { ...SHORTEST, objective: 'robust-dpo', labelSmoothing: 0.2 },
  'ln-dpo': { ...SHORTEST, objective: 'ln-dpo', beta: 5, labelSmoothing: 0.1 },
  'ld-dpo': { ...SHORTEST, objective: 'ld-dpo', ldAlpha: 0.3 },
  rpo: { ...SHORTEST, nllWeight: 0.5 },
};

/** Figures that are compared; read by `resources/job/lpc/check.py` too. */
const COMPARED = [
  'loss',
  'preferenceLoss',
  'klLoss',
  'bonusLoss',
  'kl',
  'margin',
  'logpChosen',
  'logpRejected',
  'codePerplexity',
] as const;

export type TraceLine =
  | ({ readonly type: 'step' | 'evaluation'; readonly step: number } & Readonly<
      Partial<Record<(typeof COMPARED)[number], number | null>>
    >)
  | {
      readonly type: 'codes';
      readonly step: number;
      readonly pairId: string;
      readonly weights: readonly number[];
    };

function lineOf(frame: RunFrame): TraceLine | null {
  if (frame.type !== 'step' && frame.type !== 'evaluation') return null;
  const figures = Object.entries(frame).filter(([name]) => (COMPARED as readonly string[]).includes(name));
  return { type: frame.type, step: frame.step, ...Object.fromEntries(figures) };
}

interface SampleRow {
  readonly id: string;
  readonly source: string;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/** What one prompt asks for is wrong for the other, so that a warm start finds several codes. */
const bothTastes = (row: SampleRow): SampleRow[] => [
  row,
  {
    ...row,
    id: `${row.id}-brief`,
    source: 'In a hurry',
    prompt: `Be quick and plain with me. ${row.prompt}`,
    chosen: row.rejected,
    rejected: row.chosen,
  },
];

async function pairLines(): Promise<string> {
  const rows: SampleRow[] = [];
  for await (const line of createInterface({
    input: createReadStream(join(resourcesDir, 'sample', 'sample.jsonl')),
  })) {
    const row = JSON.parse(line) as SampleRow;
    if (row.source === SOURCE) rows.push(...bothTastes(row));
    if (rows.length === 2 * ROWS) break;
  }
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

export const SELECTION = { labels: 'people-then-imported', sourceIds: null } as const;

export interface CheckProject {
  readonly path: string;
  readonly modelId: number;
}

/** A project in `work` with the pairs of all checks; `model` is a folder, or the bundled model where there is none. */
export async function openCheckProject(facet: Facet, work: string, model?: string): Promise<CheckProject> {
  const path = join(work, 'checks.facet');
  await facet.services.project.create({ path, name: 'Checks' });
  const pairs = join(work, 'pairs.jsonl');
  await writeFileAtomic(pairs, [await pairLines()]);
  for await (const frame of facet.services.library.import(pairs)) void frame;
  return { path, modelId: await modelIdOf(facet, model) };
}

/** Trains one check on Facet's own engine and gives what it tells; throws where the run does not finish. */
export async function traceOf(
  facet: Facet,
  { path, modelId }: CheckProject,
  name: string,
  config: RunConfig,
): Promise<TraceLine[]> {
  const run = await facet.services.runs.start({ name, modelId, config, selection: SELECTION });
  const lines: TraceLine[] = [];
  for await (const frame of facet.services.runs.frames(run.id)) {
    const line = lineOf(frame);
    if (line) lines.push(line);
  }
  const ended = await facet.services.runs.wait(run.id);
  if (ended.state !== 'finished')
    throw new Error(`${name} ended as ${ended.state}: ${ended.failure?.message}`);
  if (config.latent?.kind !== 'codebook') return lines;
  const codes = await readFile(join(`${path}.files`, 'runs', String(run.id), 'held-out-codes.jsonl'), 'utf8');
  for (const row of codes.split('\n').filter(Boolean)) {
    const { pairId, weights } = JSON.parse(row) as { pairId: string; weights: number[] };
    lines.push({ type: 'codes', step: config.steps, pairId, weights });
  }
  return lines;
}
