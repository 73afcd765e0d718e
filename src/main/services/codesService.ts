import { resolve } from 'node:path';
import { codesOf } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { CausesFrame, PhaseFrame } from '#core/runFrames.ts';
import type { CodeFlow } from '#shared/codeFlow.ts';
import type { CodeLabels } from '#shared/codeLabels.ts';
import type { CodeMap, MapColour, MapColours, MapSettings } from '#shared/codeMap.ts';
import type {
  CodeCoverage,
  CodeGroup,
  CodeMatrix,
  CodeSelection,
  SelectedPairs,
} from '#shared/codeSelection.ts';
import type { Outputs } from '#shared/contract.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import type { CodeName, CodePage, CodesOverview, PromptCodes, TopPrompt } from '#shared/entities.ts';
import type { HeatGroup, HeatLines, HeatLinesAsk, HeatMap } from '#shared/heatMap.ts';
import type { MapMotion } from '#shared/mapMotion.ts';
import type { PromptPage, PromptsAsk } from '#shared/promptRows.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import type { WorkList } from '../work/WorkList.ts';
import type { Connection } from './Connection.ts';
import { codeLabels } from './codeLabels.ts';
import { growText, probeText } from './codeProbe.ts';
import { type CodesOf, codesAt, noCodes } from './codesAt.ts';
import { CodeVocabulary } from './codeVocabulary.ts';
import { isAtWork, type KeptCodes } from './KeptCodes.ts';
import type { ModelService } from './modelService.ts';
import { type CurrentProject, type OpenProject, viewerOf } from './OpenProject.ts';
import { passes } from './passes.ts';
import type { PromptCodesResult } from './promptCodesFile.ts';
import { promptCodesFile } from './promptCodesFile.ts';
import { checkpointAt, checkpointOf, runDirectory } from './runCheckpoint.ts';

/** What is stored is read by a process of its own; those that name a code throw `codes.unknown-code`. */
export interface CodesService {
  /** Reads p(z|x) of every prompt by a checkpoint, the last one unless a step is named, and stores it; leaves what was there when it is ended early. */
  read(of: CodesOf, signal?: AbortSignal): AsyncGenerator<PhaseFrame, void>;
  overview(of: CodesOf): Promise<CodesOverview>;
  /** Of a blind project, who decided a pair is told of one's own alone. */
  heatMap(of: CodesOf, by: HeatGroup, who?: Connection): Promise<HeatMap>;
  prompts(of: CodesOf, ask: PromptsAsk): Promise<PromptPage>;
  heatLines(of: CodesOf, ask: HeatLinesAsk, who?: Connection): Promise<HeatLines>;
  topPrompts(of: CodesOf, code: number, limit: number): Promise<TopPrompt[]>;
  prompt(of: CodesOf, promptId: number): Promise<PromptCodes>;
  /** Of a blind project, who labelled is told of pairs that one has decided. */
  page(of: CodesOf, code: number, who?: Connection): Promise<CodePage>;
  /** Pairs in use that a selection holds. Of a blind project, who decided them is told of one's own alone. */
  select(of: CodesOf, selection: CodeSelection, who?: Connection): Promise<SelectedPairs>;
  /** How far each code is labelled, and pairs that would mend it. */
  coverage(of: CodesOf): Promise<CodeCoverage>;
  matrix(of: CodesOf, by: CodeGroup): Promise<CodeMatrix>;
  /** How the codes came and went over a run's evaluations; while it trains too. */
  timeline(runId: number): Promise<CodeFlow>;
  /** Held-out prompts as points that move from evaluation to evaluation; null where a run kept none. */
  motion(runId: number): Promise<MapMotion | null>;
  /** Which codes of two checkpoints, of one run or two, are the same. */
  alignment(first: CodesOf, second: CodesOf): Promise<CodeFlow>;
  /** A picture of prompts that is kept; null where they were not laid out like that. */
  map(of: CodesOf, settings: MapSettings): Promise<CodeMap | null>;
  /** Of a blind project, margins and who decided are told of pairs that one has decided. */
  mapColours(of: CodesOf, settings: MapSettings, by: MapColour, who?: Connection): Promise<MapColours>;
  /** Lays prompts out and keeps the picture; leaves none when it is ended early. */
  layOut(of: CodesOf, settings: MapSettings, signal?: AbortSignal): AsyncGenerator<PassFrame<null>, void>;
  /** Tokens that the code lifts and lowers most. */
  vocabulary(of: CodesOf, code: number, signal?: AbortSignal): Promise<Outputs['codes']['vocabulary']>;
  /** Pairs trained on that gave the code the most posterior weight. */
  labels(of: CodesOf, code: number, signal?: AbortSignal): AsyncGenerator<PassFrame<CodeLabels>, void>;
  names(runId: number): CodeName[];
  rename(runId: number, name: CodeName): Promise<CodeName[]>;
  /** p(z|x) of typed text, and the prompts trained on that are nearest to it. */
  probe(of: CodesOf, text: string, signal?: AbortSignal): Promise<Outputs['codes']['probe']>;
  /** p(z|x) of typed text as it grows. */
  growth(of: CodesOf, text: string, signal?: AbortSignal): Promise<Outputs['codes']['growth']>;
  /** p(z|x) of every prompt of a file, JSON Lines of `{id, weights}`. */
  file(
    request: CodesOf & { file: string; outputPath?: string | undefined },
    options?: ComputeOptions,
  ): Promise<PromptCodesResult>;
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

function requireCode(project: OpenProject, runId: number, code: number): void {
  const codes = codesOf(project.runs.get(runId).config) ?? 0;
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
  work: WorkList,
): CodesService {
  const pass = passes(current, work);
  const vocabulary = new CodeVocabulary();
  /** The open project and the place in it. */
  const at = (of: CodesOf) => {
    const project = current.require();
    return { project, reader: project.codesReader, place: codesAt(project, of) };
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
    overview: async (of) => {
      const { project, reader, place } = at(of);
      const { config } = project.runs.get(place.runId);
      const measured = project.runs.lastFrame(place.runId, 'causes');
      // Codes were forced at the end of the run alone: what they did says nothing of another checkpoint.
      const causes = measured?.step === place.step ? causesOf(measured) : null;
      return { ...(await reader.ask('overview', place, config)), causes };
    },
    heatMap: async (of, by, who) => {
      const { project, reader, place } = at(of);
      return reader.ask('heatMap', place, by, viewerOf(project, who));
    },
    prompts: async (of, ask) => {
      const { reader, place } = at(of);
      return reader.ask('prompts', place, ask);
    },
    heatLines: async (of, ask, who) => {
      const { project, reader, place } = at(of);
      return reader.ask('heatLines', place, ask, viewerOf(project, who));
    },
    topPrompts: async (of, code, limit) => {
      const { reader, place } = at(of);
      return reader.ask('topPrompts', place, code, limit);
    },
    page: async (of, code, who) => {
      const { project, reader, place } = at(of);
      return reader.ask('page', place, code, viewerOf(project, who));
    },
    select: async (of, selection, who) => {
      const { project, reader, place } = at(of);
      return reader.ask('select', place, selection, viewerOf(project, who));
    },
    coverage: async (of) => {
      const { reader, place } = at(of);
      return reader.ask('coverage', place);
    },
    matrix: async (of, by) => {
      const { reader, place } = at(of);
      return reader.ask('matrix', place, by);
    },
    timeline: async (runId) => {
      const project = current.require();
      if (codesOf(project.runs.get(runId).config) === null) throw noCodes(project, runId);
      const steps = project.codes.steps(runId);
      return project.codesReader.ask('timeline', runId, runDirectory(project, runId), steps);
    },
    motion: async (runId) => {
      const project = current.require();
      if (codesOf(project.runs.get(runId).config) === null) throw noCodes(project, runId);
      return project.codesReader.ask('motion', runDirectory(project, runId));
    },
    alignment: async (first, second) => {
      const { project, reader, place } = at(first);
      return reader.ask('alignment', place, codesAt(project, second));
    },
    map: async (of, settings) => {
      const { reader, place } = at(of);
      return reader.ask('map', place, settings);
    },
    mapColours: async (of, settings, by, who) => {
      const { project, reader, place } = at(of);
      return reader.ask('mapColours', place, settings, by, viewerOf(project, who));
    },
    async *layOut(of, settings, signal) {
      const { runId, step, runDir } = at(of).place;
      yield* pass('map', { runId, step, runDir, settings }, signal);
    },
    vocabulary: async (of, code, signal) => {
      const { project, place } = at(of);
      requireCode(project, place.runId, code);
      const stop = AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]);
      return vocabulary.of(
        project,
        { compute, models },
        { runId: place.runId, step: place.step, code },
        stop,
      );
    },
    async *labels({ runId, step }, code, signal) {
      const project = current.require();
      requireCode(project, runId, code);
      const place = checkpointAt(project, runId, step ?? null);
      yield* codeLabels({ ...{ project, compute, models, runId, place, code, pass } }, signal);
    },
    names: (runId) => current.require().codeNames.of(runId),
    rename: async (runId, name) => {
      const project = current.require();
      requireCode(project, runId, name.code);
      await project.writer.write(() => project.codeNames.set(runId, name));
      return project.codeNames.of(runId);
    },
    prompt: async (of, promptId) => {
      const { reader, place } = at(of);
      return reader.ask('prompt', place, promptId);
    },
    probe: async (of, text, signal) => {
      const project = current.require();
      if (codesOf(project.runs.get(of.runId).config) === null) throw noCodes(project, of.runId);
      return probeText(project, { compute, models }, of, text, signal);
    },
    growth: async (of, text, signal) => {
      const project = current.require();
      if (codesOf(project.runs.get(of.runId).config) === null) throw noCodes(project, of.runId);
      return growText(project, { compute, models }, of, text, signal);
    },
    file: async ({ runId, step, file, outputPath }, options) => {
      const project = current.require();
      const run = project.runs.get(runId);
      if (codesOf(run.config) === null) throw noCodes(project, runId);
      const request = {
        file: resolve(file),
        outputPath,
        modelDir: models.get(run.modelId).path,
        checkpointDir: checkpointOf(project, runId, step ?? null),
        engine: run.config.engine,
      };
      return promptCodesFile(project, compute, request, options);
    },
  };
}
