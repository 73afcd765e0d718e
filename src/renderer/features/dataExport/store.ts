/** The one export at a time: asked for, running, done. Goes on while other screens are open. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { DataExport, DataExported } from '#shared/dataEntities.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { notifyDone } from '../../components/notify.tsx';
import { saveFile } from '../../components/saveFile.ts';
import { fileName, formatCount, plural } from '../../format.ts';
import { setStatus } from '../../state/status.ts';

export type ExportStage =
  | { readonly stage: 'ask'; readonly failure: Failure | null }
  | { readonly stage: 'running'; readonly name: string; readonly done: number; readonly total: number }
  | { readonly stage: 'done'; readonly result: DataExported };

interface ExportState {
  readonly opened: boolean;
  /** The form begins with what the Library shows, not with all. */
  readonly shownOnly: boolean;
  readonly now: ExportStage;
}
const start: ExportStage = { stage: 'ask', failure: null };
export const useDataExport = create<ExportState>(() => ({
  opened: false,
  shownOnly: false,
  now: start,
}));

const show = (now: ExportStage): void => useDataExport.setState({ now });
let abort: AbortController | null = null;

export const openDataExport = (): void => useDataExport.setState({ opened: true, shownOnly: false });
export const exportShown = (): void => useDataExport.setState({ opened: true, shownOnly: true });
/** Closes the dialog; a running export goes on. */
export function closeDataExport(): void {
  const { now } = useDataExport.getState();
  useDataExport.setState({ opened: false, now: now.stage === 'running' ? now : start });
}
export const exportAnother = (): void => show(start);
export const cancelDataExport = (): void => abort?.abort();

/** `out` is where it is written; null has it written where the page can fetch it. */
export async function runDataExport(
  request: Omit<DataExport, 'out'>,
  name: string,
  out: string | null,
): Promise<void> {
  const cancel = new AbortController();
  abort = cancel;
  const shown = out === null ? name : fileName(out);
  show({ stage: 'running', name: shown, done: 0, total: 0 });
  try {
    const frames = await client.data.export({ ...request, out, name }, { signal: cancel.signal });
    for await (const frame of frames) {
      if (frame.type === 'done') {
        show({ stage: 'done', result: frame.result });
        if (!useDataExport.getState().opened)
          notifyDone(`${shown} was exported`, plural(rowsOf(frame.result), 'row'));
        return;
      }
      const { done, total } = frame;
      show({ stage: 'running', name: shown, done, total });
      setStatus({
        activity: `Exporting ${shown} · ${formatCount(done)} of ${formatCount(total)} pairs`,
        progress: total > 0 ? done / total : null,
      });
    }
  } catch (error) {
    show({ stage: 'ask', failure: cancel.signal.aborted ? null : failureOf(error) });
  } finally {
    abort = null;
    setStatus({ activity: null, progress: null });
  }
}

export const rowsOf = ({ files }: DataExported): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** Hands a file of the export to the browser, which puts it where downloads go. */
export async function download(path: string): Promise<void> {
  saveFile(fileName(path), await client.data.file({ path }));
}
