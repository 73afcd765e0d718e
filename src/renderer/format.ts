/** Figures as the screens show them. */

const whole = new Intl.NumberFormat('en-GB');

/** 48213 → `48,213`. */
export const formatCount = (value: number): string => whole.format(value);

/** `1 pair`, `1,204 pairs`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`;

/** 0.74123 → `0.741`; null → `–`. */
export const formatFigure = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : value.toFixed(digits).replace(/^-(?=\d)/, '−');

/** 0.4217 → `42.2 %`. */
export const formatShare = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;

/** Time left or taken in words: `9 s`, `6 min`, `2 h 5 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A short time: `0.8 s`, `14 s`; from 90 s on as `formatDuration`. */
export const formatSeconds = (durationMs: number): string =>
  durationMs < 9_950 ? `${(durationMs / 1000).toFixed(1)} s` : formatDuration(durationMs);

/** 134217728 → `134 MB` (decimal units, as disks and model pages use). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** 134515008 → `134.5 M`. */
export function formatParameters(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return value >= 1e3 ? `${(value / 1e3).toFixed(0)} k` : String(value);
}

/** ISO time as a date and time in the person's own manner. */
export const formatMoment = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Last part of a path, either separator. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** A sentence's first letter as a capital. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
