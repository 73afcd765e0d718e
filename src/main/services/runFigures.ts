/** Everything that a run's charts draw as a file that other tools read. */
import { setImmediate } from 'node:timers/promises';
import { type FigureEntry, type FigureFormat, figureEntries } from '#core/runFigures.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { Run } from '#shared/entities.ts';
import { figureFile } from '../export/figureFile.ts';
import { fileSafe, newFolderIn } from './newFolderIn.ts';
import type { OpenProject } from './OpenProject.ts';

/** Frames read at once: whoever labels waits for no more. */
const PAGE = 500;

/** Every step and evaluation that is stored of a run, in order. */
export async function storedFigures(project: OpenProject, runId: number): Promise<FigureEntry[]> {
  const entries: FigureEntry[] = [];
  for (let from = 0; ; from += PAGE) {
    const frames = project.runs.frames(runId, from, PAGE);
    for (const entry of figureEntries(frames)) entries.push(entry);
    if (frames.length < PAGE) return entries;
    await setImmediate();
  }
}

/** TensorBoard looks for `tfevents` in a name. */
export function figureFileName({ name, startedAt }: Run, format: FigureFormat): string {
  if (format !== 'tensorboard') return `${fileSafe(name)}-figures.${format}`;
  return `events.out.tfevents.${Math.floor(Date.parse(startedAt) / 1000)}.${fileSafe(name)}`;
}

export interface SavedFigures {
  readonly path: string;
  /** Steps and evaluations in it. */
  readonly entries: number;
}

/** Writes them to a file, whole or not at all. Throws `runs.unknown`, `disk.…`. */
export async function writeFigures(
  project: OpenProject,
  runId: number,
  format: FigureFormat,
  path: string,
): Promise<SavedFigures> {
  const run = project.runs.get(runId);
  const entries = await storedFigures(project, runId);
  await writeFileAtomic(path, figureFile(run, entries, format, new Date().toISOString()));
  return { path, entries: entries.length };
}

/** Writes them to a new file in a folder. Throws `export.no-folder`, `export.exists` too. */
export async function saveFigures(
  project: OpenProject,
  {
    runId,
    format,
    parent,
  }: { readonly runId: number; readonly format: FigureFormat; readonly parent: string },
): Promise<SavedFigures> {
  const path = await newFolderIn(parent, figureFileName(project.runs.get(runId), format));
  return writeFigures(project, runId, format, path);
}
