/**
 * `npm run build:job-checks`: small jobs and what Facet's own engine makes of them, step by step, into `resources/job/check`.
 * They travel in every job folder, so that `python train.py --check` compares another machine with this one. With
 * `--model FOLDER --out FOLDER` the same over another model.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { copyTo, writeFileAtomic } from '#disk/writeFile.ts';
import type { Facet } from '../app.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { modelIdOf } from '../cli/trainCommand.ts';
import { resourcesDir } from '../environment.ts';

const PAIRS = 48;
const SMALL: RunConfig = {
  ...DEFAULT_RUN,
  steps: 20,
  warmupSteps: 4,
  tokenBudget: 512,
  maxPromptTokens: 64,
  maxReplyTokens: 96,
  evaluateEvery: 10,
  heldOutShare: 0.2,
  engine: 'onnx-cpu',
  latent: { ...DEFAULT_LATENT, codes: 8, batchEntropyBonus: 0 },
};

/** Between them every objective, every stage, every remedy and every kind of noise. */
const CHECKS: Readonly<Record<string, RunConfig>> = {
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
  gaussian: { ...SMALL, trainable: 'heads', latent: { ...DEFAULT_LATENT, kind: 'gaussian' } },
};

type Traced = Extract<RunFrame, { type: 'step' | 'evaluation' }>;
const isTraced = (frame: RunFrame): frame is Traced => frame.type === 'step' || frame.type === 'evaluation';

/** What doesn't depend on the clock. */
const lasting = ({ ...frame }: Traced): object =>
  frame.type === 'step' ? { ...frame, tokensPerSecond: 0, timeLeftMs: 0 } : frame;

async function firstLines(path: string, count: number): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return `${lines.join('\n')}\n`;
}

async function recordCheck(
  facet: Facet,
  project: string,
  name: string,
  config: RunConfig,
  at: Places,
): Promise<void> {
  const selection = { labels: 'people-then-imported', sourceIds: null } as const;
  const modelId = await modelIdOf(facet, at.model);
  const { folder } = await facet.services.jobs.make({
    out: join(at.work, name),
    name,
    modelId,
    config,
    selection,
    hub: null,
    withModel: false,
  });
  const run = await facet.services.runs.start({ name, modelId, config, selection });
  const frames: object[] = [];
  for await (const frame of facet.services.runs.frames(run.id))
    if (isTraced(frame)) frames.push(lasting(frame));
  const ended = await facet.services.runs.wait(run.id);
  if (ended.state !== 'finished')
    throw new Error(`${name} ended as ${ended.state}: ${ended.failure?.message}`);
  const to = join(at.out, name);
  for (const file of ['job.json', 'pairs.parquet', 'prompts.parquet'])
    await copyTo(join(folder, file), join(to, file));
  const codes = await readFile(
    join(`${project}.files`, 'runs', String(run.id), 'held-out-codes.jsonl'),
    'utf8',
  ).catch(() => '');
  const told = codes
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { pairId, weights } = JSON.parse(line) as { pairId: string; weights: number[] };
      return { type: 'codes', step: config.steps, pairId, weights };
    });
  await writeJsonLines(join(to, 'trace.jsonl'), [...frames, ...told]);
  process.stderr.write(`${name}: ${frames.length} frames\n`);
}

interface Places {
  readonly work: string;
  readonly out: string;
  readonly model: string | undefined;
}

const { values } = parseArgs({ options: { model: { type: 'string' }, out: { type: 'string' } } });
const work = await mkdtemp(join(tmpdir(), 'facet-checks-'));
const facet = createHeadlessFacet(join(work, 'user'));
try {
  const project = join(work, 'checks.facet');
  await facet.services.project.create({ path: project, name: 'Checks' });
  const pairs = join(work, 'pairs.jsonl');
  await writeFileAtomic(pairs, [await firstLines(join(resourcesDir, 'sample', 'sample.jsonl'), PAIRS)]);
  for await (const frame of facet.services.library.import(pairs)) void frame;
  const places = { work, out: values.out ?? join(resourcesDir, 'job', 'check'), model: values.model };
  for (const [name, config] of Object.entries(CHECKS))
    await recordCheck(facet, project, name, config, places);
} finally {
  await facet.dispose();
  await rm(work, { recursive: true, force: true });
}
