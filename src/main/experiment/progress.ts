/** What an experiment says on standard error while it works. */
import { failureLine, percent, progressLine } from '../cli/output.ts';
import type { CellEvent } from './runCells.ts';

function duration(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1000))} s`;
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** Cells' worth of work before a pace means anything: the start of a cell is loading, not training. */
const FEWEST_DONE = 0.3;

export interface ExperimentProgress {
  event(event: CellEvent): void;
  note(line: string): void;
  end(): void;
}

export function experimentProgress(
  stream: NodeJS.WriteStream = process.stderr,
  now: () => number = () => performance.now(),
): ExperimentProgress {
  const line = progressLine(stream);
  const shares = new Map<string, number>();
  let total = 0;
  let known = 0;
  let ended = 0;
  let startedAt = now();

  /** Time left at the pace of this start; cells that were known cost nothing and count for nothing. */
  const timeLeft = (): string => {
    const toDo = total - known;
    const done = ended + [...shares.values()].reduce((sum, share) => sum + share, 0);
    return done < FEWEST_DONE ? '' : `, ${duration(((now() - startedAt) * (toDo - done)) / done)} left`;
  };
  const finished = (key: string, text: string): void => {
    shares.delete(key);
    ended += 1;
    line.note(`[${known + ended}/${total}] ${key}: ${text}${ended + known < total ? timeLeft() : ''}`);
  };

  return {
    event(event) {
      if (event.type === 'started') {
        // What follows from the first cells begins anew.
        ({ total, known } = event);
        ended = 0;
        startedAt = now();
        const before = known > 0 ? `, ${known} of them done before` : '';
        line.note(`${total} cells${before}`);
      } else if (event.type === 'share') {
        shares.set(event.cell.key, event.share);
        const under = [...shares].map(([key, share]) => `${key} ${percent(share)}`).join(', ');
        line.update(`${known + ended}`, `${known + ended} of ${total} done${timeLeft()}: ${under}`);
      } else if (event.type === 'done') {
        const { cell, figures, seconds } = event.result;
        finished(cell.key, `accuracy ${percent(figures.accuracy)} in ${duration(1000 * seconds)}`);
      } else finished(event.failed.cell.key, failureLine(event.failed.failure));
    },
    note: (text) => line.note(text),
    end: () => line.end(),
  };
}
