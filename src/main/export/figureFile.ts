/** A run's figures as a file of one of the formats that other tools read. */
import { type FigureEntry, type FigureFormat, figureColumns, tensorboardTag } from '#core/runFigures.ts';
import { jsonLine } from '#disk/lines.ts';
import type { Run } from '#shared/entities.ts';
import { csvLines } from './csv.ts';
import { eventFileHead, eventRecord } from './tensorboard.ts';

type FigureRun = Pick<Run, 'id' | 'name' | 'startedAt' | 'endedAt'>;

const seconds = (time: string): number => Date.parse(time) / 1000;

/** A run keeps no time of a step: the steps are spread evenly from its start to its end, or to `now`. */
function* events(run: FigureRun, entries: readonly FigureEntry[], now: string): Generator<Buffer> {
  const start = seconds(run.startedAt);
  const length = Math.max(0, seconds(run.endedAt ?? now) - start);
  const last = entries.reduce((most, { step = 0 }) => Math.max(most, step), 1);
  yield eventFileHead(start);
  for (const { step = 0, ...figures } of entries) {
    const values = Object.entries(figures).map(([name, value]) => [tensorboardTag(name), value] as const);
    yield eventRecord({ wallTime: start + (length * step) / last, step, values });
  }
}

/** An entry at a time: a long run's would be one very long text. */
function* asJson({ id, name }: FigureRun, entries: readonly FigureEntry[]): Generator<string> {
  yield `{"run":${JSON.stringify({ id, name })},"log_history":[`;
  for (const [place, entry] of entries.entries()) yield `${place === 0 ? '' : ','}\n${JSON.stringify(entry)}`;
  yield '\n]}\n';
}

/** The file's content piece by piece. */
export function* figureFile(
  run: FigureRun,
  entries: readonly FigureEntry[],
  format: FigureFormat,
  now: string,
): Generator<string | Buffer> {
  if (format === 'tensorboard') yield* events(run, entries, now);
  else if (format === 'csv') yield* csvLines(figureColumns(entries), entries);
  else if (format === 'jsonl') for (const entry of entries) yield jsonLine(entry);
  else yield* asJson(run, entries);
}
