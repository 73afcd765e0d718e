import { resolve } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { Inputs, Outputs } from '#shared/contract.ts';
import type {
  AnnotationItem,
  PairDetails,
  PairFilter,
  PairRow,
  SavedView,
  SetAsidePair,
  Source,
  TableFigures,
} from '#shared/entities.ts';
import type { ImportFrame, ImportPreview } from '#shared/importEntities.ts';
import type { FilterChoices } from '#shared/library.ts';
import type { Look } from '../data/pairRows.ts';
import type { InputFile } from '../import/files/bytes.ts';
import { listInputs } from '../import/files/listInputs.ts';
import type { Connection } from './Connection.ts';
import { type LibraryChanges, libraryChanges } from './libraryChanges.ts';
import { type CurrentProject, viewerOf } from './OpenProject.ts';
import { type ImportRequest, importIntoProject, previewForProject } from './projectImport.ts';
import { shownItem } from './readQueue.ts';
import { showFigures, tableFigures } from './tableFigures.ts';

/** One file of a zip archive, and how to read the rows. */
type ReadOptions = Omit<ImportRequest, 'path'>;

export interface LibraryService extends LibraryChanges {
  sources(): Promise<Source[]>;
  preview(file: string, options?: ReadOptions): Promise<ImportPreview>;
  /** Seen all at once when it ends with a `done` frame. Returning early or aborting leaves nothing behind. */
  /** Files that are being imported into the open project. */
  importing(): string[];
  /** Resolves when no import is on. */
  importsEnded(): Promise<void>;
  import(file: string, signal?: AbortSignal, options?: ReadOptions): AsyncGenerator<ImportFrame, void>;
  /** The files to import of those chosen: folders and zip archives are what they hold. */
  inputs(paths: readonly string[]): Promise<InputFile[]>;
  setAside(): SetAsidePair[];
  removeSetAside(pairIds: readonly number[]): Promise<null>;
  /** Verdicts and states are those of who labels on the connection; nobody's without one. */
  count(filter: PairFilter, who?: Connection, signal?: AbortSignal): Promise<number>;
  /** Throws the signal's reason once nobody waits for them. */
  rows(
    filter: PairFilter,
    offset: number,
    limit: number,
    who?: Connection,
    look?: Look,
    signal?: AbortSignal,
  ): Promise<PairRow[]>;
  /** How far the first page of a list is, from 0 to 1; null where nothing has to be made for it. */
  progress(request: Inputs['library']['progress'], who?: Connection): Promise<number | null>;
  ids(request: Inputs['library']['ids'], who?: Connection): Promise<number[]>;
  choices(): Promise<FilterChoices>;
  /** Whose codes and margins the table shows, and whose it could. */
  figures(): TableFigures;
  showFigures(choice: Inputs['library']['showFigures']): Promise<TableFigures>;
  details(pairId: number, who?: Connection): Promise<PairDetails>;
  views(): SavedView[];
  saveView(view: Omit<SavedView, 'id'>): Promise<null>;
  removeView(id: number): Promise<null>;
  /** A pair whole; looking at it stores nothing. */
  pair(pairId: number, who?: Connection): AnnotationItem;
  statusCounts(
    filter: Inputs['library']['statusCounts'],
    who?: Connection,
    signal?: AbortSignal,
  ): Promise<Outputs['library']['statusCounts']>;
}

export function libraryService(current: CurrentProject, log: (line: string) => void): LibraryService {
  return {
    ...libraryChanges(current),
    sources: async () => current.require().reader.ask('sources'),
    importing: () => [...(current.get()?.importing ?? [])],
    importsEnded: async () => {
      const release = await current.get()?.holdAdding();
      release?.();
    },
    preview: (file, options) => previewForProject(current.require(), { path: resolve(file), ...options }),
    import: (file, signal, options) =>
      importIntoProject(current.require(), { path: resolve(file), ...options }, signal, log),
    inputs: (paths) => listInputs(paths.map((path) => resolve(path))),
    setAside: () => current.require().setAside.list(),
    removeSetAside: async (pairIds) => {
      const project = current.require();
      await project.writer.write(() => project.setAside.remove(pairIds));
      return null;
    },
    count: (filter, who, signal) => {
      const project = current.require();
      return project.reader.askUntil(signal, 'count', filter, viewerOf(project, who));
    },
    rows: (filter, offset, limit, who, look, signal) => {
      const project = current.require();
      return project.reader.askUntil(signal, 'rows', filter, viewerOf(project, who), offset, limit, look);
    },
    progress: ({ sort, ...filter }, who) => {
      const project = current.require();
      return project.reader.ask('progress', filter, viewerOf(project, who), sort);
    },
    pair: (pairId, who) => {
      const project = current.require();
      return shownItem(project, pairId, who?.annotatorIn(project) ?? null);
    },
    ids: ({ sort, offset, limit, ...filter }, who) => {
      const project = current.require();
      return project.reader.ask('ids', filter, viewerOf(project, who), offset, limit, sort);
    },
    choices: async () => current.require().reader.ask('choices'),
    figures: () => tableFigures(current.require()),
    showFigures: (choice) => showFigures(current.require(), choice),
    details: async (pairId, who) => {
      const project = current.require();
      const details = await project.reader.ask('details', pairId, viewerOf(project, who));
      if (details) return details;
      throw new FacetError({
        code: 'library.unknown-pair',
        message: `This project has no pair ${pairId} that can be read.`,
        fix: 'Choose a pair in the table.',
      });
    },
    views: () => current.require().views.list(),
    saveView: async (view) => {
      const project = current.require();
      await project.writer.write(() => project.views.save(view));
      return null;
    },
    removeView: async (id) => {
      const project = current.require();
      await project.writer.write(() => project.views.remove(id));
      return null;
    },
    statusCounts: (filter, who, signal) => {
      const project = current.require();
      return project.reader.askUntil(signal, 'statusCounts', filter, viewerOf(project, who));
    },
  };
}
