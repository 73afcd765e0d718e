/** The one import at a time: chosen, previewed, running, done. Goes on while other screens are open. */
import { create } from 'zustand';
import { FacetError, type Failure } from '#core/result.ts';
import type { ImportFrame, ImportPreview } from '#shared/importEntities.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyDone } from '../../components/notify.tsx';
import { fileName, formatCount, formatDuration, plural } from '../../format.ts';
import { setStatus } from '../../state/status.ts';
import { timeLeftMs } from './timeLeft.ts';

export type ImportResult = Extract<ImportFrame, { type: 'done' }>;
export type ImportStage =
  | { readonly stage: 'choose'; readonly failure: Failure | null }
  | { readonly stage: 'reading'; readonly name: string }
  | { readonly stage: 'preview'; readonly preview: ImportPreview }
  | {
      readonly stage: 'running';
      readonly file: string;
      readonly rows: number;
      readonly expectedRows: number;
      /** 0–1; null before the first report. */
      readonly share: number | null;
      readonly leftMs: number | null;
    }
  | { readonly stage: 'done'; readonly file: string; readonly result: ImportResult };

const start: ImportStage = { stage: 'choose', failure: null };

interface ImportState {
  readonly opened: boolean;
  readonly now: ImportStage;
}
export const useImport = create<ImportState>(() => ({ opened: false, now: start }));

const show = (now: ImportStage) => useImport.setState({ now });
let abort: AbortController | null = null;

export function openImport(): void {
  useImport.setState({ opened: true });
}

/** Closes the dialog; a running import goes on. */
export function closeImport(): void {
  const { now } = useImport.getState();
  useImport.setState({ opened: false, now: now.stage === 'running' ? now : start });
}

/** The next file of what was chosen, else a choice anew. */
export const chooseAnother = (): void => void previewNext();

/** The file that is previewed, and those that a folder or an archive holds beside it. */
let request: { file: string; entry?: string | undefined } = { file: '' };
let waiting: (typeof request)[] = [];

async function readPreview(name: string, path: () => Promise<string>): Promise<void> {
  show({ stage: 'reading', name });
  try {
    const inputs = await client.library.inputs({ paths: [await path()] });
    waiting = inputs.map(({ path: file, entry }) => ({ file, entry }));
    await previewNext();
  } catch (error) {
    show({ stage: 'choose', failure: failureOf(error) });
  }
}

async function previewNext(): Promise<void> {
  const [next, ...rest] = waiting;
  if (!next) return show(start);
  waiting = rest;
  request = next;
  show({ stage: 'reading', name: fileName(next.entry ?? next.file) });
  try {
    show({ stage: 'preview', preview: await client.library.preview(next) });
  } catch (error) {
    show({ stage: 'choose', failure: failureOf(error) });
  }
}

export const previewPath = (path: string): Promise<void> => readPreview(fileName(path), async () => path);

/** A dropped or chosen file: read in place where its path is known, else handed over first. */
export function previewFile(file: File): Promise<void> {
  useImport.setState({ opened: true });
  return readPreview(file.name, async () => {
    const path = window.facet?.pathForFile?.(file) ?? '';
    return path === '' ? (await client.app.upload({ file })).path : path;
  });
}

export async function runImport(preview: ImportPreview): Promise<void> {
  const { file, rows: expectedRows } = preview;
  const startedAt = performance.now();
  abort = new AbortController();
  show({ stage: 'running', file, rows: 0, expectedRows, share: null, leftMs: null });
  try {
    for await (const frame of await client.library.import(request, { signal: abort.signal })) {
      if (frame.type === 'done') {
        show({ stage: 'done', file, result: frame });
        await refreshAfterImport();
        if (!useImport.getState().opened) announce(file, frame);
        return;
      }
      const share = frame.bytesTotal > 0 ? frame.bytesRead / frame.bytesTotal : null;
      const leftMs = timeLeftMs(performance.now() - startedAt, share);
      show({ stage: 'running', file, rows: frame.rows, expectedRows, share, leftMs });
      const left = leftMs === null ? '' : ` · ${formatDuration(leftMs)} left`;
      setStatus({
        activity: `Importing ${fileName(file)} · ${formatCount(frame.rows)} rows${left}`,
        progress: share,
      });
    }
    throw new FacetError({
      code: 'import.ended',
      message: 'The import ended without a result.',
      fix: 'Nothing was added. Try again.',
    });
  } catch (error) {
    const failure = abort.signal.aborted
      ? { code: 'import.cancelled', message: 'The import was cancelled; nothing was added.' }
      : failureOf(error);
    useImport.setState({ opened: true, now: { stage: 'choose', failure } });
  } finally {
    abort = null;
    setStatus({ activity: null, progress: null });
  }
}

/** An import that ended in the background says so; Import then shows its result. */
function announce(file: string, { imported, problemCount }: ImportResult): void {
  const leftOut = problemCount === 0 ? '' : `, ${plural(problemCount, 'row')} left out: see Import`;
  notifyDone(`${fileName(file)} was imported`, `${plural(imported, 'pair')}${leftOut}`);
}

export const cancelImport = (): void => abort?.abort();

/** A page that goes away ends its import: it asks first. */
window.addEventListener('beforeunload', (event) => {
  if (useImport.getState().now.stage === 'running') event.preventDefault();
});

const refreshAfterImport = () =>
  Promise.all(
    [api.library.key(), api.project.key(), api.annotate.key(), api.runs.countPairs.key()].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
