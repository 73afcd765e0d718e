/** Passes over the open project, each in a thread of its own: exports, figures, near-duplicates, comparisons of runs. */
import { openAsBlob } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { AgreementAsk, AgreementReport } from '#shared/agreementEntities.ts';
import type { Comparison, ComparisonAsk } from '#shared/comparisonEntities.ts';
import type { Inputs } from '#shared/contract.ts';
import type {
  DataExport,
  DataExported,
  DataStatistics,
  DuplicateGroup,
  DuplicateSummary,
  Leakage,
  PassFrame,
} from '#shared/dataEntities.ts';
import type { DuplicateKind } from '#shared/library.ts';
import { removeOld } from '../api/uploads.ts';
import type { WorkList } from '../work/WorkList.ts';
import type { CurrentProject } from './OpenProject.ts';
import { passes } from './passes.ts';
import { resultsStep } from './resultsStep.ts';
import { runDirectory } from './runCheckpoint.ts';

export interface DataService {
  /** Without a path it is written where `file` finds it. */
  export(
    request: Inputs['data']['export'],
    signal?: AbortSignal,
  ): AsyncGenerator<PassFrame<DataExported>, void>;
  statistics(signal?: AbortSignal): AsyncGenerator<PassFrame<DataStatistics>, void>;
  /** How far people agree; throws `runs.unknown` for a run that is not there. */
  agreement(ask: AgreementAsk, signal?: AbortSignal): AsyncGenerator<PassFrame<AgreementReport>, void>;
  /** Two runs on the pairs held out from both. Throws `runs.unknown`, `runs.no-checkpoint`, `runs.no-results`. */
  compare(ask: ComparisonAsk, signal?: AbortSignal): AsyncGenerator<PassFrame<Comparison>, void>;
  /** Looks for near-duplicates and stores them; ends with what `duplicateSummary` then says. */
  searchDuplicates(
    threshold: number,
    signal?: AbortSignal,
  ): AsyncGenerator<PassFrame<DuplicateSummary>, void>;
  /** What the last search found; null before the first. */
  duplicateSummary(): Promise<DuplicateSummary | null>;
  duplicateGroups(kind: DuplicateKind, from: number, limit: number): Promise<DuplicateGroup[]>;
  /** Pairs in use that are not of the member of their group that is kept; see the contract. */
  /** Held-out prompts of a run that are near-duplicates of what it trains on. */
  leakage(request: Inputs['data']['leakage'], signal?: AbortSignal): AsyncGenerator<PassFrame<Leakage>, void>;
  /** A file that an export of this session wrote. */
  file(path: string): Promise<File>;
}

export function dataService(current: CurrentProject, userDataDir: string, work: WorkList): DataService {
  const written = new Set<string>();
  const pass = passes(current, work);

  async function folderForPage(): Promise<string> {
    const exports = join(userDataDir, 'exports');
    await mkdir(exports, { recursive: true });
    await removeOld(exports);
    return mkdtemp(join(exports, 'export-'));
  }

  return {
    async *export({ out, name, ...request }, signal) {
      const path = out === null ? join(await folderForPage(), basename(name)) : resolve(out);
      const ask: DataExport = { ...request, out: path };
      for await (const frame of pass('export', ask, signal)) {
        if (frame.type === 'done') {
          const { files, card, beside } = frame.result;
          for (const one of [...files.map((file) => file.path), card, ...beside]) written.add(one);
        }
        yield frame;
      }
    },
    async *searchDuplicates(threshold, signal) {
      const { reader } = current.require();
      const at = new Date().toISOString();
      for await (const frame of pass('duplicates', { threshold, at }, signal)) {
        if (frame.type === 'progress') yield frame;
        else yield { type: 'done', result: (await reader.ask('duplicateSummary')) as DuplicateSummary };
      }
    },
    duplicateSummary: () => current.require().reader.ask('duplicateSummary'),
    duplicateGroups: (kind, from, limit) =>
      current.require().reader.ask('duplicateGroups', kind, from, limit),
    async *leakage({ runId, threshold }, signal) {
      const project = current.require();
      const { id } = project.runs.get(runId);
      yield* pass('leakage', { runDir: runDirectory(project, id), threshold }, signal);
    },
    statistics: (signal) => pass('statistics', null, signal),
    async *agreement(ask, signal) {
      if (ask.runId !== null) current.require().runs.get(ask.runId);
      yield* pass('agreement', ask, signal);
    },
    compare: (ask, signal) => {
      const project = current.require();
      const { runId, otherId, checkpoint, otherCheckpoint } = ask;
      const step = resultsStep(project, runId, checkpoint);
      const otherStep = resultsStep(project, otherId, otherCheckpoint);
      return pass('compare', { runId, otherId, step, otherStep, filesDir: project.filesDir }, signal);
    },
    file: async (path) => {
      if (written.has(path)) return new File([await openAsBlob(path)], basename(path));
      throw new FacetError({
        code: 'export.not-written',
        message: 'No export of this session wrote that file.',
        fix: 'Export again.',
        where: { file: path },
      });
    },
  };
}
