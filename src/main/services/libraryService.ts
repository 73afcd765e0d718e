import { resolve } from 'node:path';
import type { Inputs, Outputs } from '#shared/contract.ts';
import type {
  ImportFrame,
  ImportPreview,
  PairFilter,
  PairRow,
  SetAsidePair,
  Source,
} from '#shared/entities.ts';
import type { CurrentProject } from './OpenProject.ts';
import { importIntoProject, previewForProject } from './projectImport.ts';

export interface LibraryService {
  sources(): Source[];
  preview(file: string): Promise<ImportPreview>;
  /** Seen all at once when it ends with a `done` frame. Returning early or aborting leaves nothing behind. */
  import(file: string, signal?: AbortSignal): AsyncGenerator<ImportFrame, void>;
  setAside(): SetAsidePair[];
  removeSetAside(pairIds: readonly number[]): Promise<null>;
  count(filter: PairFilter): number;
  rows(filter: PairFilter, offset: number, limit: number): PairRow[];
  statusCounts(filter: Inputs['library']['statusCounts']): Outputs['library']['statusCounts'];
}

export function libraryService(current: CurrentProject): LibraryService {
  return {
    sources: () => current.require().pairs.sources(),
    preview: (file) => previewForProject(current.require(), resolve(file)),
    import: (file, signal) => importIntoProject(current.require(), resolve(file), signal),
    setAside: () => current.require().setAside.list(),
    removeSetAside: async (pairIds) => {
      const project = current.require();
      await project.writer.write(() => project.setAside.remove(pairIds));
      return null;
    },
    count: (filter) => {
      const project = current.require();
      return project.pairs.count(filter, project.annotatorId());
    },
    rows: (filter, offset, limit) => {
      const project = current.require();
      const viewer = { annotatorId: project.annotatorId(), blind: project.projectSettings().blind };
      return project.pairs.rows(filter, viewer, offset, limit);
    },
    statusCounts: (filter) => {
      const project = current.require();
      const count = (status: 'all' | 'unlabelled' | 'labelled' | 'skipped') =>
        project.pairs.count({ ...filter, status }, project.annotatorId());
      return {
        all: count('all'),
        unlabelled: count('unlabelled'),
        labelled: count('labelled'),
        skipped: count('skipped'),
      };
    },
  };
}
