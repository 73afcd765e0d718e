import { resolve } from 'node:path';
import type { Inputs, Outputs } from '#shared/contract.ts';
import type {
  AnnotationItem,
  ImportFrame,
  ImportPreview,
  PairFilter,
  PairRow,
  SetAsidePair,
  Source,
} from '#shared/entities.ts';
import type { Connection } from './Connection.ts';
import type { CurrentProject } from './OpenProject.ts';
import { importIntoProject, previewForProject } from './projectImport.ts';
import { shownItem } from './readQueue.ts';

export interface LibraryService {
  sources(): Source[];
  preview(file: string): Promise<ImportPreview>;
  /** Seen all at once when it ends with a `done` frame. Returning early or aborting leaves nothing behind. */
  import(file: string, signal?: AbortSignal): AsyncGenerator<ImportFrame, void>;
  /** Files that are being imported into the open project. */
  importing(): string[];
  /** Resolves when no import is on. */
  importsEnded(): Promise<void>;
  setAside(): SetAsidePair[];
  removeSetAside(pairIds: readonly number[]): Promise<null>;
  /** Verdicts and states are those of who labels on the connection; nobody's without one. */
  count(filter: PairFilter, who?: Connection): number;
  rows(filter: PairFilter, offset: number, limit: number, who?: Connection): PairRow[];
  /** A pair whole; looking at it stores nothing. */
  pair(pairId: number, who?: Connection): AnnotationItem;
  statusCounts(
    filter: Inputs['library']['statusCounts'],
    who?: Connection,
  ): Outputs['library']['statusCounts'];
}

export function libraryService(current: CurrentProject): LibraryService {
  return {
    sources: () => current.require().pairs.sources(),
    preview: (file) => previewForProject(current.require(), resolve(file)),
    import: (file, signal) => importIntoProject(current.require(), resolve(file), signal),
    importing: () => [...(current.get()?.importing ?? [])],
    importsEnded: async () => {
      const release = await current.get()?.holdAdding();
      release?.();
    },
    setAside: () => current.require().setAside.list(),
    removeSetAside: async (pairIds) => {
      const project = current.require();
      await project.writer.write(() => project.setAside.remove(pairIds));
      return null;
    },
    count: (filter, who) => {
      const project = current.require();
      return project.pairs.count(filter, who?.annotatorIn(project) ?? null);
    },
    rows: (filter, offset, limit, who) => {
      const project = current.require();
      const viewer = {
        annotatorId: who?.annotatorIn(project) ?? null,
        blind: project.projectSettings().blind,
      };
      return project.pairs.rows(filter, viewer, offset, limit);
    },
    pair: (pairId, who) => {
      const project = current.require();
      return shownItem(project, pairId, who?.annotatorIn(project) ?? null);
    },
    statusCounts: (filter, who) => {
      const project = current.require();
      const annotatorId = who?.annotatorIn(project) ?? null;
      const count = (status: 'all' | 'unlabelled' | 'labelled' | 'skipped') =>
        project.pairs.count({ ...filter, status }, annotatorId);
      return {
        all: count('all'),
        unlabelled: count('unlabelled'),
        labelled: count('labelled'),
        skipped: count('skipped'),
      };
    },
  };
}
