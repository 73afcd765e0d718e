import { resolve } from 'node:path';
import { codeUsage, heatMapOrder, massByGroup, strongestCodes, topRows } from '#core/codebook.ts';
import { codeKeywords } from '#core/codebookKeywords.ts';
import { codebookVerdict } from '#core/codebookVerdict.ts';
import type { ProbeResult } from '#core/jobs.ts';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { CausesFrame, PhaseFrame } from '#core/runFrames.ts';
import { normalizedMutualInformation } from '#core/statistics.ts';
import type { CodesOverview, HeatMap, PromptCodes, Run, TopPrompt } from '#shared/entities.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import { blobToWeights, type PromptRow } from '../data/codeTable.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import type { PromptCodesResult } from './promptCodesFile.ts';
import { promptCodesFile } from './promptCodesFile.ts';
import { checkpointOf, lastCheckpoint, runDirectory } from './runCheckpoint.ts';
import { storeCodes } from './runOutputs.ts';

export interface CodesService {
  /** Reads p(z|x) of every prompt by the run's last checkpoint and stores it; leaves what was there when it is ended early. */
  read(runId: number, signal?: AbortSignal): AsyncGenerator<PhaseFrame, void>;
  overview(runId: number): CodesOverview;
  heatMap(runId: number): HeatMap;
  topPrompts(runId: number, code: number, limit: number): TopPrompt[];
  prompt(runId: number, promptId: number): PromptCodes;
  probe(runId: number, text: string, signal?: AbortSignal): Promise<ProbeResult>;
  /** p(z|x) of every prompt of a file, JSON Lines of `{id, weights}`. */
  file(
    request: { runId: number; file: string; outputPath?: string | undefined },
    options?: ComputeOptions,
  ): Promise<PromptCodesResult>;
}

/** p(z|x) of one run, as stored. */
interface RunCodes {
  readonly runId: number;
  readonly codes: number;
  readonly prompts: readonly PromptRow[];
  readonly sources: readonly string[];
  /** prompts × codes. */
  readonly weights: Float32Array;
  readonly config: RunConfig;
  /** What the codes did when they were forced at the end of the run; null where it was not measured. */
  readonly causes: CausesFrame | null;
  overview: CodesOverview | null;
  heatMap: HeatMap | null;
}

const isAtWork = ({ state }: Pick<Run, 'state'>): boolean =>
  ['running', 'stopping', 'pausing'].includes(state);

function noCodes(project: OpenProject, runId: number): FacetError {
  const run = project.runs.get(runId);
  const why = whyWithoutCodes(run.config);
  if (why !== null) {
    return new FacetError({
      code: 'codes.no-latent',
      message: `${run.name} has no codes: ${why}.`,
      fix: 'Choose a run with codes, or train one.',
    });
  }
  const running = isAtWork(run);
  return new FacetError({
    code: running ? 'codes.not-yet' : 'codes.none',
    message: running ? `${run.name} is still training.` : `${run.name} ended before its codes were stored.`,
    fix: running
      ? 'Its codes appear here when it ends.'
      : project.runs.checkpoints(runId).length > 0
        ? 'Read them by its last checkpoint.'
        : 'Train again.',
  });
}

function load(project: OpenProject, runId: number): RunCodes {
  const { config } = project.runs.get(runId);
  const known = new Map(project.codes.prompts().map((prompt) => [prompt.id, prompt]));
  const rows = project.codes.activations(runId).filter(({ promptId }) => known.has(promptId));
  const codes = (rows[0]?.weights.length ?? 0) / 4;
  if (codes === 0) throw noCodes(project, runId);
  const prompts = rows.map(({ promptId }) => known.get(promptId) as PromptRow);
  const weights = new Float32Array(rows.length * codes);
  for (const [row, activation] of rows.entries()) weights.set(blobToWeights(activation.weights), row * codes);
  const sources = prompts.map(({ source }) => source);
  const causes = project.runs.lastFrame(runId, 'causes');
  return { runId, codes, prompts, sources, weights, config, causes, overview: null, heatMap: null };
}

/** As the page shows it: what each code alone gives each group. */
const causesOf = ({ causes, reason, pairs, groupedBy }: CausesFrame): CodesOverview['causes'] => ({
  pairs,
  groupedBy,
  reason,
  recovery: causes?.recovery ?? null,
  gainOverOneCode: causes?.gainOverOneCode ?? null,
  codes: (causes?.codes ?? []).map((code, index) => ({
    code,
    serves: causes?.serves[index] ?? null,
    effects: (causes?.effects ?? [])
      .filter((effect) => effect.code === code)
      .map(({ code: _, ...effect }) => effect),
  })),
});

function overviewOf({ runId, codes, prompts, sources, weights, config, causes }: RunCodes): CodesOverview {
  const usage = codeUsage(weights, codes);
  const { message, fix } = codebookVerdict(usage, config);
  const texts = prompts.map(({ messages }) =>
    messages.flatMap(({ role, content }) => (role === 'user' ? [content] : [])).join('\n'),
  );
  const keywords = codeKeywords(texts, weights, codes);
  const strongest = [...strongestCodes(weights, codes)];
  return {
    runId,
    codes,
    prompts: usage.prompts,
    perplexity: usage.perplexity,
    meanPromptEntropy: usage.meanPromptEntropy,
    topShare: usage.topShare,
    dead: usage.dead.length,
    nmiSource: normalizedMutualInformation(strongest, sources),
    causes: causes && causesOf(causes),
    warning: message === null ? null : [message, fix].filter(Boolean).join(' '),
    summaries: usage.share.map((share, code) => ({
      code,
      share,
      first: usage.first[code] as number,
      dead: usage.dead.includes(code),
      sources: massByGroup(weights, codes, code, sources).map(({ group, share: part }) => ({
        source: group,
        share: part,
      })),
      keywords: keywords[code] ?? [],
    })),
  };
}

function heatMapOf({ codes, prompts, sources, weights }: RunCodes): HeatMap {
  const order = heatMapOrder(weights, codes, sources);
  const bytes = Buffer.alloc(4 * weights.length);
  const groups: HeatMap['groups'] = [];
  for (const [place, row] of order.entries()) {
    for (let code = 0; code < codes; code++) {
      bytes.writeFloatLE(weights[row * codes + code] as number, 4 * (place * codes + code));
    }
    const source = sources[row] as string;
    const group = groups.at(-1);
    if (group?.source === source) group.rows += 1;
    else groups.push({ source, start: place, rows: 1 });
  }
  return {
    codes,
    rows: order.length,
    promptIds: order.map((row) => (prompts[row] as PromptRow).id),
    groups,
    weights: bytes.toString('base64'),
  };
}

export function codesService(
  current: CurrentProject,
  compute: ComputeClient,
  models: ModelService,
): CodesService {
  /** Of the run looked at last, until codes are stored anew. */
  let cached: { project: OpenProject; revision: number; run: RunCodes } | null = null;
  const runCodes = (runId: number): RunCodes => {
    const project = current.require();
    const revision = project.codes.revision();
    if (cached?.project !== project || cached.revision !== revision || cached.run.runId !== runId) {
      cached = { project, revision, run: load(project, runId) };
    }
    return cached.run;
  };

  return {
    async *read(runId, signal) {
      const project = current.require();
      const run = project.runs.get(runId);
      if (codesOf(run.config) === null || isAtWork(run)) throw noCodes(project, runId);
      const { folder: checkpointDir, step } = lastCheckpoint(project, runId);
      const queue = new FrameQueue<PhaseFrame>();
      const left = new AbortController();
      const stored = storeCodes(project, compute, {
        runId,
        step,
        runDir: runDirectory(project, runId),
        modelDir: models.get(run.modelId).path,
        checkpointDir,
        engine: run.config.engine,
        onFrame: (frame) => frame.type === 'phase' && queue.push(frame),
        stop: AbortSignal.any([left.signal, project.closing.signal, ...(signal ? [signal] : [])]),
      }).finally(() => queue.end());
      // Awaited below, unless whoever reads has left.
      stored.catch(() => undefined);
      try {
        yield* queue.read();
        await stored;
      } finally {
        left.abort();
      }
    },
    overview: (runId) => {
      const run = runCodes(runId);
      run.overview ??= overviewOf(run);
      return run.overview;
    },
    heatMap: (runId) => {
      const run = runCodes(runId);
      run.heatMap ??= heatMapOf(run);
      return run.heatMap;
    },
    topPrompts: (runId, code, limit) => {
      const { codes, weights, prompts } = runCodes(runId);
      if (code >= codes) {
        throw new FacetError({
          code: 'codes.unknown-code',
          message: `This run has codes 0 to ${codes - 1}, and no code ${code}.`,
          fix: 'Choose one of its codes.',
        });
      }
      return topRows(weights, codes, code, limit).map((row) => {
        const { id, preview, source } = prompts[row] as PromptRow;
        return { promptId: id, text: preview, source, weight: weights[row * codes + code] as number };
      });
    },
    prompt: (runId, promptId) => {
      const { codes, weights, prompts } = runCodes(runId);
      const row = prompts.findIndex(({ id }) => id === promptId);
      const prompt = prompts[row];
      if (!prompt) {
        throw new FacetError({
          code: 'codes.unknown-prompt',
          message: `This run has no codes for prompt ${promptId}, which was added later.`,
          fix: 'Train again to give it codes.',
        });
      }
      const { messages, source } = prompt;
      const own = weights.slice(row * codes, (row + 1) * codes);
      return { promptId, messages: [...messages], source, weights: [...own] };
    },
    probe: async (runId, text, signal) => {
      const project = current.require();
      const run = project.runs.get(runId);
      if (codesOf(run.config) === null) throw noCodes(project, runId);
      return unwrap(
        await compute.run<'probe'>(
          {
            kind: 'probe',
            modelDir: models.get(run.modelId).path,
            checkpointDir: checkpointOf(project, runId),
            messages: [{ role: 'user', content: text }],
            engine: run.config.engine,
          },
          { stop: AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]) },
        ),
      );
    },
    file: async ({ runId, file, outputPath }, options) => {
      const project = current.require();
      const run = project.runs.get(runId);
      if (codesOf(run.config) === null) throw noCodes(project, runId);
      const request = {
        file: resolve(file),
        outputPath,
        modelDir: models.get(run.modelId).path,
        checkpointDir: checkpointOf(project, runId),
        engine: run.config.engine,
      };
      return promptCodesFile(project, compute, request, options);
    },
  };
}
