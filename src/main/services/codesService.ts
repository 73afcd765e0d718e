import { resolve } from 'node:path';
import { codeUsage, heatMapOrder, massByGroup, strongestCodes, topRows } from '#core/codebook.ts';
import { codeKeywords } from '#core/codebookKeywords.ts';
import { codebookVerdict } from '#core/codebookVerdict.ts';
import type { CodeEvidence } from '#core/codeEvidence.ts';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { CausesFrame, PhaseFrame } from '#core/runFrames.ts';
import { normalizedMutualInformation } from '#core/statistics.ts';
import type { Outputs } from '#shared/contract.ts';
import type { CodeName, CodePage, CodesOverview, HeatMap, PromptCodes, TopPrompt } from '#shared/entities.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import { blobToWeights, type PromptRow } from '../data/codeTable.ts';
import { codePage, promptsOfCode } from './codePage.ts';
import { CodeVocabulary } from './codeVocabulary.ts';
import { isAtWork, type KeptCodes } from './KeptCodes.ts';
import { knownPrompts } from './knownPrompts.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import type { PromptCodesResult } from './promptCodesFile.ts';
import { promptCodesFile } from './promptCodesFile.ts';
import { checkpointAt, checkpointOf, runDirectory } from './runCheckpoint.ts';

/** Codes by a checkpoint of a run: that of a step, or the newest one that fits. */
interface CodesOf {
  readonly runId: number;
  readonly step?: number | undefined;
}

export interface CodesService {
  /** Reads p(z|x) of every prompt by a checkpoint, the last one unless a step is named, and stores it; leaves what was there when it is ended early. */
  read(of: CodesOf, signal?: AbortSignal): AsyncGenerator<PhaseFrame, void>;
  overview(of: CodesOf): CodesOverview;
  heatMap(of: CodesOf): HeatMap;
  topPrompts(of: CodesOf, code: number, limit: number): TopPrompt[];
  prompt(of: CodesOf, promptId: number): PromptCodes;
  /** Throws `codes.unknown-code`, as the next two. */
  page(of: CodesOf, code: number): CodePage;
  /** Pairs in use of the prompts that fire a code most. */
  pairs(of: CodesOf, code: number): number[];
  /** Tokens that the code lifts and lowers most. */
  vocabulary(of: CodesOf, code: number, signal?: AbortSignal): Promise<Outputs['codes']['vocabulary']>;
  names(runId: number): CodeName[];
  rename(runId: number, name: CodeName): Promise<CodeName[]>;
  /** p(z|x) of typed text, and the prompts trained on that are nearest to it. */
  probe(of: CodesOf, text: string, signal?: AbortSignal): Promise<Outputs['codes']['probe']>;
  /** p(z|x) of every prompt of a file, JSON Lines of `{id, weights}`. */
  file(
    request: { runId: number; file: string; outputPath?: string | undefined },
    options?: ComputeOptions,
  ): Promise<PromptCodesResult>;
}

/** p(z|x) of one run, as stored. */
interface RunCodes {
  readonly runId: number;
  readonly step: number;
  readonly codes: number;
  readonly prompts: readonly PromptRow[];
  readonly sources: readonly string[];
  /** prompts × codes. */
  readonly weights: Float32Array;
  readonly config: RunConfig;
  /** What the codes did when they were forced at the end of the run; null where it was not measured. */
  readonly causes: CausesFrame | null;
  readonly evidence: CodeEvidence | null;
  overview: CodesOverview | null;
  heatMap: HeatMap | null;
}

function noCodes(project: OpenProject, runId: number, step?: number): FacetError {
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
  if (step !== undefined && !running) {
    return new FacetError({
      code: 'codes.none',
      message: `The codes of ${run.name} at step ${step} are not stored.`,
      fix: run.checkpoints.some((one) => one.step === step)
        ? 'Read them by that checkpoint.'
        : 'Choose a checkpoint that the run keeps.',
    });
  }
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

function load(project: OpenProject, runId: number, step: number): RunCodes {
  const { config } = project.runs.get(runId);
  const known = new Map(project.codes.prompts().map((prompt) => [prompt.id, prompt]));
  const rows = project.codes.activations(runId, step).filter(({ promptId }) => known.has(promptId));
  const codes = (rows[0]?.weights.length ?? 0) / 4;
  if (codes === 0) throw noCodes(project, runId);
  const prompts = rows.map(({ promptId }) => known.get(promptId) as PromptRow);
  const weights = new Float32Array(rows.length * codes);
  for (const [row, activation] of rows.entries()) weights.set(blobToWeights(activation.weights), row * codes);
  const sources = prompts.map(({ source }) => source);
  const measured = project.runs.lastFrame(runId, 'causes');
  // Codes were forced at the end of the run alone: what they did says nothing of another checkpoint.
  const causes = measured?.step === step ? measured : null;
  const evidence = project.codes.evidence(runId, step);
  return {
    runId,
    step,
    codes,
    prompts,
    sources,
    weights,
    config,
    causes,
    evidence,
    overview: null,
    heatMap: null,
  };
}

/** As the page shows it: what each code alone gives each group. */
const causesOf = ({ causes, reason, pairs, groupedBy }: CausesFrame): CodesOverview['causes'] => ({
  pairs,
  groupedBy,
  reason,
  recovery: causes?.recovery ?? null,
  gainOverOneCode: causes?.gainOverOneCode ?? null,
  gainOverOff: causes?.gainOverOff ?? null,
  gainOverShared: causes?.gainOverShared ?? null,
  codes: (causes?.codes ?? []).map((code, index) => ({
    code,
    serves: causes?.serves[index] ?? null,
    effects: (causes?.effects ?? [])
      .filter((effect) => effect.code === code)
      .map(({ code: _, ...effect }) => effect),
  })),
});

function overviewOf({
  runId,
  step,
  codes,
  prompts,
  sources,
  weights,
  config,
  causes,
  evidence,
}: RunCodes): CodesOverview {
  const usage = codeUsage(weights, codes);
  const { message, fix } = codebookVerdict(usage, config);
  const texts = prompts.map(({ messages }) =>
    messages.flatMap(({ role, content }) => (role === 'user' ? [content] : [])).join('\n'),
  );
  const keywords = codeKeywords(texts, weights, codes);
  const strongest = [...strongestCodes(weights, codes)];
  return {
    runId,
    step,
    codes,
    prompts: usage.prompts,
    perplexity: usage.perplexity,
    meanPromptEntropy: usage.meanPromptEntropy,
    topShare: usage.topShare,
    dead: usage.dead.length,
    nmiSource: normalizedMutualInformation(strongest, sources),
    evidence,
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

function requireCode(codes: number, code: number): void {
  if (code < codes) return;
  throw new FacetError({
    code: 'codes.unknown-code',
    message: `This run has codes 0 to ${codes - 1}, and no code ${code}.`,
    fix: 'Choose one of its codes.',
  });
}

export function codesService(
  current: CurrentProject,
  compute: ComputeClient,
  models: ModelService,
  kept: KeptCodes,
): CodesService {
  const vocabulary = new CodeVocabulary();
  /** Of the run looked at last, until codes are stored anew. */
  let cached: { project: OpenProject; revision: number; run: RunCodes } | null = null;
  const runCodes = ({ runId, step: asked }: CodesOf): RunCodes => {
    const project = current.require();
    const revision = project.codes.revision();
    const steps = project.codes.steps(runId);
    const step = asked ?? steps.at(-1);
    if (step === undefined || !steps.includes(step)) throw noCodes(project, runId, asked);
    const known =
      cached?.project === project &&
      cached.revision === revision &&
      cached.run.runId === runId &&
      cached.run.step === step;
    if (cached === null || !known) cached = { project, revision, run: load(project, runId, step) };
    return cached.run;
  };

  return {
    async *read({ runId, step }, signal) {
      const project = current.require();
      const run = project.runs.get(runId);
      if (codesOf(run.config) === null || isAtWork(run)) throw noCodes(project, runId);
      const place = checkpointAt(project, runId, step ?? null);
      const queue = new FrameQueue<PhaseFrame>();
      const left = new AbortController();
      const stop = AbortSignal.any([left.signal, ...(signal ? [signal] : [])]);
      const stored = kept
        .read(project, runId, place.step, stop, (frame) => queue.push(frame))
        .finally(() => queue.end());
      // Awaited below, unless whoever reads has left.
      stored.catch(() => undefined);
      try {
        yield* queue.read();
        await stored;
      } finally {
        left.abort();
      }
    },
    overview: (of) => {
      const run = runCodes(of);
      run.overview ??= overviewOf(run);
      return run.overview;
    },
    heatMap: (of) => {
      const run = runCodes(of);
      run.heatMap ??= heatMapOf(run);
      return run.heatMap;
    },
    topPrompts: (of, code, limit) => {
      const { codes, weights, prompts } = runCodes(of);
      requireCode(codes, code);
      return topRows(weights, codes, code, limit).map((row) => {
        const { id, preview, source } = prompts[row] as PromptRow;
        return { promptId: id, text: preview, source, weight: weights[row * codes + code] as number };
      });
    },
    page: (of, code) => {
      const run = runCodes(of);
      requireCode(run.codes, code);
      return codePage(current.require(), run, code);
    },
    pairs: (of, code) => {
      const run = runCodes(of);
      requireCode(run.codes, code);
      return current.require().codePairs.ids(promptsOfCode(run, code));
    },
    vocabulary: (of, code, signal) => {
      const project = current.require();
      const run = runCodes(of);
      requireCode(run.codes, code);
      const stop = AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]);
      const place = { runId: run.runId, step: run.step, code };
      return vocabulary.of(project, { compute, models }, place, stop);
    },
    names: (runId) => current.require().codePairs.names(runId),
    rename: async (runId, name) => {
      const project = current.require();
      requireCode(codesOf(project.runs.get(runId).config) ?? 0, name.code);
      await project.writer.write(() => project.codePairs.setName(runId, name));
      return project.codePairs.names(runId);
    },
    prompt: (of, promptId) => {
      const { codes, weights, prompts } = runCodes(of);
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
    probe: async ({ runId, step }, text, signal) => {
      const project = current.require();
      const run = project.runs.get(runId);
      if (codesOf(run.config) === null) throw noCodes(project, runId);
      const place = checkpointAt(project, runId, step ?? null);
      const known = await knownPrompts(runDirectory(project, runId), place.step);
      const { nearest, weights, ...counts } = unwrap(
        await compute.run<'probe'>(
          {
            kind: 'probe',
            modelDir: models.get(run.modelId).path,
            checkpointDir: place.folder,
            ...(known && { knownPath: known.path }),
            messages: [{ role: 'user', content: text }],
            engine: run.config.engine,
          },
          { stop: AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]) },
        ),
      );
      return {
        ...counts,
        weights: [...weights],
        usual: known?.usual ?? null,
        known: known?.promptIds.length ?? 0,
        nearest: nearest.flatMap(({ row, distance }) => {
          const prompt = project.codes.prompt(known?.promptIds[row] ?? -1);
          return prompt
            ? [{ promptId: prompt.id, text: prompt.preview, source: prompt.source, distance }]
            : [];
        }),
      };
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
