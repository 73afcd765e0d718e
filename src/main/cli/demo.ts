/** `facet demo`: the whole loop without a window, plain DPO beside LPC-DPO from one seed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ROBUST_RUN } from '#core/presets.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, RunFrame } from '#core/runFrames.ts';
import type { Facet } from '../app.ts';
import type { Services } from '../services/createServices.ts';
import { type CodeFigures, type DemoFigures, type MethodFigures, methodFigures } from './demoFigures.ts';

export interface DemoOptions {
  /** Pair file; the bundled sample where absent. */
  readonly data?: string | undefined;
  /** Model folder; the bundled starter model where absent. */
  readonly model?: string | undefined;
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  readonly resourcesDir: string;
  /** The workbench over a folder of its own, made and removed by the demo. */
  readonly createFacet: (userDataDir: string) => Facet;
  /** Takes one line of progress at a time. */
  readonly progress: (line: string) => void;
}

const SHOWN_CODES = 5;
const PROMPTS_PER_CODE = 3;
const SHOWN_PROBLEMS = 3;
/** Fewer leave a held-out set that says nothing. */
const FEWEST_PROMPTS = 20;

async function importPairs(
  services: Services,
  file: string,
  progress: (line: string) => void,
): Promise<void> {
  for await (const frame of services.library.import(file)) {
    if (frame.type !== 'done') continue;
    progress(`imported ${frame.imported} pairs from ${basename(file)}`);
    if (frame.problemCount === 0) continue;
    progress(`rows that could not be read and were left out: ${frame.problemCount}`);
    for (const { row, reason } of frame.problems.slice(0, SHOWN_PROBLEMS))
      progress(`  row ${row}: ${reason}`);
  }
  const { prompts } = services.runs.countPairs({ labels: 'imported', sourceIds: null });
  if (prompts >= FEWEST_PROMPTS) return;
  throw new FacetError({
    code: 'demo.too-few-prompts',
    message: `${file} gives ${prompts} different prompts with a label; the demo needs ${FEWEST_PROMPTS}.`,
    fix: 'Choose a file with more pairs, one JSON object with prompt, chosen and rejected per line.',
    where: { file },
  });
}

async function chooseModel(services: Services, folder: string | undefined): Promise<number> {
  if (folder) return (await services.models.add(resolve(folder))).id;
  const bundled = (await services.models.list()).find((model) => model.bundled);
  if (bundled) return bundled.id;
  throw new FacetError({
    code: 'demo.no-starter',
    message: 'The starter model is not in the resources folder.',
    fix: 'Build it with `npm run build:starter`, or name a model folder with --model.',
  });
}

/** One line a tenth of the way, and each phase that takes its time. */
function progressOf(method: string, progress: (line: string) => void): (frame: RunFrame) => void {
  let tenth = 0;
  let phase = '';
  return (frame) => {
    if (frame.type === 'warning') progress(`${method}: ${frame.message}`);
    if (frame.type === 'phase' && frame.phase !== phase && frame.phase !== 'train') {
      phase = frame.phase;
      progress(`${method}: ${frame.phase}${frame.note ? `, ${frame.note}` : ''}`);
    }
    if (frame.type !== 'step') return;
    const reached = Math.floor((10 * (frame.step + 1)) / frame.totalSteps);
    if (reached === tenth) return;
    tenth = reached;
    const secondsLeft = Math.round(frame.timeLeftMs / 1000);
    progress(
      `${method}: step ${frame.step} of ${frame.totalSteps}, loss ${frame.loss.toFixed(3)}, ${secondsLeft} s left`,
    );
  };
}

interface TrainedRun {
  readonly runId: number;
  readonly figures: MethodFigures;
}

async function train(
  services: Services,
  method: string,
  modelId: number,
  config: RunConfig,
  progress: (line: string) => void,
): Promise<TrainedRun> {
  const startedAt = performance.now();
  const run = await services.runs.start({
    name: method,
    modelId,
    config,
    selection: { labels: 'imported', sourceIds: null },
  });
  const show = progressOf(method, progress);
  let last: EvaluationFrame | null = null;
  for await (const frame of services.runs.frames(run.id)) {
    show(frame);
    if (frame.type === 'evaluation') last = frame;
  }
  const ended = await services.runs.wait(run.id);
  if (ended.failure) {
    const { code, message, fix } = ended.failure;
    throw new FacetError({ code, message, ...(fix !== undefined && { fix }) });
  }
  if (!last)
    throw new FacetError({
      code: 'demo.no-evaluation',
      message: `${method} ended without an evaluation.`,
      fix: 'Train on more prompts, so that some can be held out.',
    });
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    runId: run.id,
    figures: methodFigures(method, { engine: ended.engine ?? 'unknown', seconds, seed: config.seed }, last),
  };
}

async function strongestCodes(services: Services, runId: number): Promise<CodeFigures[]> {
  const { summaries } = await services.codes.overview({ runId });
  const strongest = [...summaries].sort((left, right) => right.share - left.share).slice(0, SHOWN_CODES);
  return Promise.all(
    strongest.map(async ({ code, share, first, sources, keywords }) => {
      const top = await services.codes.topPrompts({ runId }, code, PROMPTS_PER_CODE);
      return {
        code,
        share,
        prompts: first,
        sources,
        keywords,
        topPrompts: top.map(({ text, source, weight }) => ({ text, source, weight })),
      };
    }),
  );
}

async function measure(services: Services, options: DemoOptions, folder: string): Promise<DemoFigures> {
  const startedAt = performance.now();
  const { progress } = options;
  const data = resolve(options.data ?? join(options.resourcesDir, 'sample', 'sample.jsonl'));
  await services.project.create({ path: join(folder, 'demo.facet'), name: 'Demo' });
  await importPairs(services, data, progress);
  const modelId = await chooseModel(services, options.model);
  const config: RunConfig = {
    ...ROBUST_RUN,
    steps: options.steps ?? ROBUST_RUN.steps,
    seed: options.seed ?? ROBUST_RUN.seed,
    // The end is all that is reported.
    evaluateEvery: 0,
  };
  const plain = await train(services, 'DPO', modelId, { ...config, latent: null }, progress);
  const latent = await train(services, 'LPC-DPO', modelId, config, progress);
  const overview = await services.codes.overview({ runId: latent.runId });
  const { pairs, prompts } = services.runs.countPairs({ labels: 'imported', sourceIds: null });
  return {
    data: basename(data),
    model: services.models.get(modelId).name,
    pairs,
    prompts,
    sources: (await services.library.sources()).length,
    seed: config.seed,
    steps: config.steps,
    headsFirstSteps: config.trainable === 'heads' ? 0 : Math.round(config.headsFirst * config.steps),
    methods: [plain.figures, latent.figures],
    codes: overview.codes,
    perplexity: overview.perplexity,
    nmiAllPrompts: overview.nmiSource,
    causes: overview.causes,
    strongest: await strongestCodes(services, latent.runId),
    warning: overview.warning,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** Throws `FacetError` on bad input; nothing is left on disk either way. */
export async function runDemo(options: DemoOptions): Promise<DemoFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-demo-'));
  const facet = options.createFacet(folder);
  try {
    return await measure(facet.services, options, folder);
  } finally {
    await facet.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
