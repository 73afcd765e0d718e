/** The hub in words: addresses as people paste them, downloads as they stand. Pure. */
import type { Download } from '#shared/policyEntities.ts';
import type { Tone } from '../../components/Chip.tsx';
import { formatBytes, formatDuration } from '../../format.ts';

export interface RepoAddress {
  readonly repo: string;
  /** Null where the address names none. */
  readonly revision: string | null;
}

const NAME = /^[\w.-]+\/[\w.-]+$/;

/** `org/name`, or the address of its page; null for anything else. */
export function readRepo(text: string): RepoAddress | null {
  const typed = text.trim();
  if (NAME.test(typed)) return { repo: typed, revision: null };
  if (!/^https?:\/\//.test(typed) || !URL.canParse(typed)) return null;
  const [org, name, kind, ...revision] = new URL(typed).pathname.split('/').filter((part) => part !== '');
  const repo = `${org}/${name}`;
  if (org === undefined || name === undefined || !NAME.test(repo) || ['datasets', 'spaces'].includes(org))
    return null;
  const named = (kind === 'tree' || kind === 'commit') && revision.length > 0;
  return { repo, revision: named ? decodeURIComponent(revision.join('/')) : null };
}

export const STATE_LOOKS: Readonly<
  Record<Download['state'], { readonly label: string; readonly tone: Tone }>
> = {
  running: { label: 'Downloading', tone: 'accent' },
  paused: { label: 'Paused', tone: 'plain' },
  checking: { label: 'Checking', tone: 'accent' },
  done: { label: 'Ready', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
};

/** 0–1, or null where the size is not known. */
export const shareOf = ({
  bytesDone,
  bytesTotal,
}: Pick<Download, 'bytesDone' | 'bytesTotal'>): number | null =>
  bytesTotal === null || bytesTotal <= 0 ? null : Math.min(1, bytesDone / bytesTotal);

/** `120 MB of 269 MB · 8.4 MB/s · 18 s left · model.safetensors`. */
export function downloadLine(download: Download): string {
  const { bytesDone, bytesTotal, bytesPerSecond, file, state } = download;
  const parts = [
    bytesTotal === null ? formatBytes(bytesDone) : `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`,
  ];
  if (state === 'running' && bytesPerSecond !== null && bytesPerSecond > 0) {
    parts.push(`${formatBytes(bytesPerSecond)}/s`);
    if (bytesTotal !== null)
      parts.push(`${formatDuration((Math.max(0, bytesTotal - bytesDone) / bytesPerSecond) * 1000)} left`);
  }
  if (file !== null && (state === 'running' || state === 'checking')) parts.push(file);
  return parts.join(' · ');
}
