/** What a process holds over time: a line fitted through it, for single readings jump with each collection of garbage. */
import { readFileSync } from 'node:fs';

export interface Reading {
  readonly seconds: number;
  readonly bytes: number;
}

/** Resident memory of another process, in bytes; null where the system doesn't tell or the process is gone. */
export function residentBytes(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1024 : null;
  } catch {
    return null;
  }
}

/** Growth along the line of least squares from the first reading to the last, as a share of what it begins at. */
export function fittedGrowth(readings: readonly Reading[]): number | null {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last.seconds === first.seconds) return null;
  const mean = (of: (reading: Reading) => number): number =>
    readings.reduce((sum, reading) => sum + of(reading), 0) / readings.length;
  const [time, bytes] = [mean(({ seconds }) => seconds), mean((reading) => reading.bytes)];
  const together = mean((reading) => (reading.seconds - time) * (reading.bytes - bytes));
  const slope = together / mean(({ seconds }) => (seconds - time) ** 2);
  return (slope * (last.seconds - first.seconds)) / (bytes + slope * (first.seconds - time));
}
