/** The one import at a time: files chosen, looked at, read, done. Goes on while other screens are open. */
import { create } from 'zustand';
import { FacetError, type Failure } from '#core/result.ts';
import type { ImportFrame, ImportPreview, ImportRules } from '#shared/importEntities.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { upload } from '../../api/upload.ts';
import { notifyDone } from '../../components/notify.tsx';
import { fileName, formatCount, formatDuration, plural } from '../../format.ts';
import { setStatus } from '../../state/status.ts';
import { timeLeftMs } from './timeLeft.ts';

type ImportResult = Extract<ImportFrame, { type: 'done' }>;
/** One file of those that were chosen, and what is known of it. */
export interface ChosenFile {
  readonly name: string;
  readonly request: { readonly file: string; readonly entry?: string | undefined };
  readonly rules: ImportRules;
  readonly isReading: boolean;
  readonly preview: ImportPreview | null;
  readonly result: ImportResult | null;
  readonly failure: Failure | null;
}
export type ImportStage =
  | { readonly stage: 'choose'; readonly failure: Failure | null }
  | { readonly stage: 'reading'; readonly name: string }
  | { readonly stage: 'look' }
  | {
      readonly stage: 'running';
      readonly file: string;
      readonly rows: number;
      readonly expectedRows: number;
      /** 0–1; null before the first report. */
      readonly share: number | null;
      readonly leftMs: number | null;
    }
  | { readonly stage: 'done' };

const start: ImportStage = { stage: 'choose', failure: null };

interface ImportState {
  readonly opened: boolean;
  readonly now: ImportStage;
  readonly files: readonly ChosenFile[];
  /** The file whose details are shown. */
  readonly at: number;
}
export const useImport = create<ImportState>(() => ({ opened: false, now: start, files: [], at: 0 }));

const show = (now: ImportStage) => useImport.setState({ now });
const isStage = (stage: ImportStage['stage']): boolean => useImport.getState().now.stage === stage;
function change(index: number, changes: Partial<ChosenFile>): void {
  useImport.setState(({ files }) => ({
    files: files.map((file, position) => (position === index ? { ...file, ...changes } : file)),
  }));
}
let abort: AbortController | null = null;
/** Counts choices: what was asked for an earlier one is not wanted any more. */
let choice = 0;

export const openImport = (): void => useImport.setState({ opened: true });
export const lookAt = (at: number): void => useImport.setState({ at });

/** Closes the dialog; a running import goes on. */
export function closeImport(): void {
  if (!isStage('running')) chooseAnother();
  useImport.setState({ opened: false });
}

export function chooseAnother(): void {
  choice += 1;
  useImport.setState({ now: start, files: [], at: 0 });
}

/** New pairs, verdicts and singles that a preview announces. */
export const freshOf = ({ preview }: ChosenFile): number =>
  preview === null ? 0 : preview.counts.added + preview.counts.joined + preview.counts.singles;

async function readPreviews(name: string, paths: () => Promise<string[]>): Promise<void> {
  choice += 1;
  const own = choice;
  useImport.setState({ now: { stage: 'reading', name }, files: [], at: 0 });
  try {
    const inputs = await client.library.inputs({ paths: await paths() });
    if (own !== choice) return;
    const files = inputs.map(
      ({ path, entry }): ChosenFile => ({
        name: fileName(entry ?? path),
        request: { file: path, entry },
        rules: {},
        isReading: true,
        preview: null,
        result: null,
        failure: null,
      }),
    );
    useImport.setState({ files, at: 0 });
    for (const index of files.keys()) {
      if (own !== choice) return;
      await read(index, own);
      const [only] = useImport.getState().files;
      if (own !== choice) return;
      if (files.length === 1 && only?.failure) return show({ stage: 'choose', failure: only.failure });
      show({ stage: 'look' });
    }
  } catch (error) {
    if (own === choice) show({ stage: 'choose', failure: failureOf(error) });
  }
}

async function read(index: number, own: number): Promise<void> {
  const file = useImport.getState().files[index];
  if (!file) return;
  const { request, rules } = file;
  try {
    const preview = await client.library.preview({ ...request, rules });
    // Another choice, or other rules for this file, came in between.
    if (own !== choice || useImport.getState().files[index]?.rules !== rules) return;
    change(index, { preview, isReading: false, failure: null });
  } catch (error) {
    if (own === choice) change(index, { failure: failureOf(error), isReading: false });
  }
}

/** Reads a file again, in another way. */
export function readAgain(index: number, rules: ImportRules): void {
  change(index, { rules, isReading: true });
  void read(index, choice);
}

export const previewPaths = (paths: readonly string[]): Promise<void> =>
  readPreviews(paths.length === 1 ? fileName(paths[0] as string) : plural(paths.length, 'file'), async () => [
    ...paths,
  ]);

/** A copy for main: by the line in the window, else as a stream. */
const handOver = async (file: File, beside: string | null): Promise<string> =>
  window.facet ? (await client.app.upload({ file, beside })).path : upload(file, beside);

/** Dropped or chosen files: read in place where their paths are known, else handed over first. */
export function previewFiles(files: readonly File[]): Promise<void> {
  useImport.setState({ opened: true });
  if (isStage('running') || files.length === 0) return Promise.resolve();
  const [first] = files;
  return readPreviews(files.length === 1 && first ? first.name : plural(files.length, 'file'), async () => {
    const paths: string[] = [];
    // Sent files lie side by side, as they did: one may say how the others are read.
    let sent: string | null = null;
    for (const file of files) {
      const path = window.facet?.pathForFile?.(file) ?? '';
      if (path === '') sent = await handOver(file, sent);
      paths.push(path === '' ? (sent as string) : path);
    }
    return paths;
  });
}

async function importOne(index: number, signal: AbortSignal): Promise<void> {
  const { files } = useImport.getState();
  const { name: file, request, rules, preview } = files[index] as ChosenFile;
  const expectedRows = preview?.rows ?? 0;
  const startedAt = performance.now();
  show({ stage: 'running', file, rows: 0, expectedRows, share: null, leftMs: null });
  for await (const frame of await client.library.import({ ...request, rules }, { signal })) {
    if (frame.type === 'done') return change(index, { result: frame });
    const share = frame.bytesTotal > 0 ? frame.bytesRead / frame.bytesTotal : null;
    const leftMs = timeLeftMs(performance.now() - startedAt, share);
    show({ stage: 'running', file, rows: frame.rows, expectedRows, share, leftMs });
    const left = leftMs === null ? '' : ` · ${formatDuration(leftMs)} left`;
    setStatus({ activity: `Importing ${file} · ${formatCount(frame.rows)} rows${left}`, progress: share });
  }
  throw new FacetError({
    code: 'import.ended',
    message: 'The import ended without a result.',
    fix: 'Nothing was added. Try again.',
  });
}

const CANCELLED: Failure = {
  code: 'import.cancelled',
  message: 'The import was cancelled; nothing was added.',
};

/** Imports each file that brings something, one after another; one that fails stops none of the others. */
export async function runImport(): Promise<void> {
  abort = new AbortController();
  const { signal } = abort;
  const wanted = [...useImport.getState().files.entries()].filter(([, file]) => freshOf(file) > 0);
  for (const [index] of wanted) {
    try {
      if (signal.aborted) change(index, { failure: CANCELLED });
      else await importOne(index, signal);
    } catch (error) {
      change(index, { failure: signal.aborted ? CANCELLED : failureOf(error) });
    }
  }
  abort = null;
  setStatus({ activity: null, progress: null });
  const { files, opened } = useImport.getState();
  const [only] = files;
  if (files.length === 1 && only?.failure) {
    useImport.setState({ opened: true, now: { stage: 'choose', failure: only.failure } });
    return;
  }
  show({ stage: 'done' });
  await refreshAfterImport();
  if (!opened) announce(files);
}

/** An import that ended in the background says so; Import then shows its result. */
function announce(files: readonly ChosenFile[]): void {
  const results = files.flatMap(({ result }) => (result ? [result] : []));
  const sum = (of: (result: ImportResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const problems = sum(({ problemCount }) => problemCount);
  const leftOut = problems === 0 ? '' : `, ${plural(problems, 'row')} left out: see Import`;
  const [first] = files;
  const what = files.length === 1 && first ? `${first.name} was` : `${plural(files.length, 'file')} were`;
  notifyDone(
    `${what} imported`,
    `${plural(
      sum(({ imported }) => imported),
      'pair',
    )}${leftOut}`,
  );
}

export const cancelImport = (): void => abort?.abort();

/** A page that goes away ends its import: it asks first. */
window.addEventListener('beforeunload', (event) => {
  if (isStage('running')) event.preventDefault();
});

const refreshAfterImport = () =>
  Promise.all(
    [api.library.key(), api.project.key(), api.annotate.key(), api.runs.countPairs.key()].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
