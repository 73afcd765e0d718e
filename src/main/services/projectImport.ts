/** Imports, previews and clean-ups of the project that is open: one import at a time, and all end with it. */
import { FacetError } from '#core/result.ts';
import type { ImportFrame, ImportPreview, ImportRules } from '#shared/importEntities.ts';
import { copyLogAtCommit } from '../data/transaction.ts';
import { type InputFile, inputName } from '../import/files/bytes.ts';
import { runImport, runPreview } from '../import/runImport.ts';
import type { OpenProject } from './OpenProject.ts';

/** A file, or one of a zip archive, and how to read it. */
export interface ImportRequest extends InputFile {
  readonly rules?: ImportRules | undefined;
}

/** Calls `react` when the signal is aborted, or now where it is. */
function onAbort(signal: AbortSignal, react: () => void): void {
  if (signal.aborted) react();
  else signal.addEventListener('abort', react, { once: true });
}

/** Removes what is hidden, if anything; the caller holds the turn for adding pairs. */
async function clean(project: OpenProject): Promise<void> {
  if (project.closing.signal.aborted || !project.hidden.any()) return;
  const running = runImport({ kind: 'clean', projectPath: project.path }, project.writer);
  onAbort(project.closing.signal, running.leave);
  for await (const _ of running.frames());
}

/** Removes what an import that ended with its process had written. Imports wait for it; nothing else does. */
export function cleanAfterCrash(project: OpenProject, log: (line: string) => void): void {
  if (!project.hidden.any()) return;
  const cleaning = (async () => {
    const release = await project.holdAdding();
    try {
      await clean(project);
    } catch (error) {
      log(`clean-up after an import: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      release();
    }
  })();
  project.track(cleaning);
}

/** Brings search up to the pairs that are there, in the background; one at a time. */
export function indexProject(project: OpenProject, log: (line: string) => void): void {
  if (project.closing.signal.aborted || project.indexing) return;
  if (!project.pairs.isIndexBehind() && !project.pairs.isMeasuringBehind()) return;
  const running = runImport({ kind: 'index', projectPath: project.path }, project.writer);
  onAbort(project.closing.signal, running.leave);
  project.indexing = (async () => {
    try {
      for await (const _ of running.frames());
    } catch (error) {
      log(`search index: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      project.indexing = null;
    }
  })();
  project.track(project.indexing);
}

export async function* importIntoProject(
  project: OpenProject,
  { rules = {}, ...input }: ImportRequest,
  signal: AbortSignal | undefined,
  log: (line: string) => void,
): AsyncGenerator<ImportFrame, void> {
  const release = await project.holdAdding();
  if (project.closing.signal.aborted) {
    release();
    throw new FacetError({
      code: 'import.stopped',
      message: 'The project was closed before the import began.',
      fix: 'Open it and import again.',
    });
  }
  copyLogAtCommit(project.database, false);
  const file = inputName(input);
  project.importing.add(file);
  const at = new Date().toISOString();
  const running = runImport({ kind: 'import', projectPath: project.path, input, rules, at }, project.writer);
  onAbort(project.closing.signal, running.leave);
  if (signal) onAbort(signal, running.stop);
  // Tied to the thread, not to whoever reads its frames: a reader may go away without a word.
  const ended = running.ended
    .then(() => clean(project))
    .finally(() => {
      project.importing.delete(file);
      if (project.database.open) copyLogAtCommit(project.database, true);
      release();
      indexProject(project, log);
    });
  project.track(ended);
  try {
    yield* running.frames();
  } finally {
    running.stop();
    await ended;
  }
}

export async function previewForProject(
  project: OpenProject,
  { rules = {}, ...input }: ImportRequest,
): Promise<ImportPreview> {
  const running = runPreview({ kind: 'preview', projectPath: project.path, input, rules }, project.writer);
  onAbort(project.closing.signal, running.leave);
  project.track(running.preview);
  return running.preview;
}
