/** A download while it runs: fetches what is missing, file by file. */
import { mkdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FacetError, type Failure } from '#core/result.ts';
import type { DownloadRecord } from './downloadRecord.ts';
import { fetchFile } from './fetchFile.ts';
import { finalFailure, type Place } from './hubFailures.ts';
import { type HubAccess, openHubFetch } from './hubFetch.ts';
import { type DownloadPlan, fileUrl, planDownload } from './planFiles.ts';
import { type RetryDelays, withRetries } from './retry.ts';

/** Kept free on the disk beside the model. */
const SPARE_BYTES = 64 * 1024 ** 2;
const SPEED_WINDOW_MS = 5000;

export interface RunningOptions {
  readonly record: DownloadRecord;
  readonly access: HubAccess;
  readonly delaysMs: RetryDelays;
  /** Bytes free where the folder is; the disk's own figure by default. */
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly onPlan: (plan: DownloadPlan) => void;
  readonly onChange: () => void;
}
export type Outcome =
  | { readonly state: 'done' | 'paused' }
  | { readonly state: 'failed'; readonly failure: Failure };

export async function diskFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const presentBytes = async (path: string): Promise<number> => {
  const sizes = [path, `${path}.part`].map((name) =>
    stat(name).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return Math.max(...(await Promise.all(sizes)));
};
const inGb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

export class RunningDownload {
  file: string | null = null;
  checking = false;
  bytesDone: number;
  /** Resolves when it has ended, in whatever way. */
  readonly ended: Promise<Outcome>;
  readonly #options: RunningOptions;
  readonly #abort = new AbortController();
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  constructor(options: RunningOptions) {
    this.#options = options;
    this.bytesDone = options.record.bytesDone;
    this.ended = this.#run();
  }

  /** Ends after what is on the way is written; `ended` then says `paused`. */
  stop(): void {
    this.#abort.abort();
  }

  get bytesPerSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < 250) return null;
    return Math.max(0, (1000 * (last.bytes - first.bytes)) / (last.atMs - first.atMs));
  }

  #progress(bytes: number): void {
    this.bytesDone = bytes;
    const atMs = performance.now();
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && (this.#samples[0]?.atMs ?? atMs) < atMs - SPEED_WINDOW_MS)
      this.#samples.shift();
    this.#options.onChange();
  }

  async #run(): Promise<Outcome> {
    const { record, access } = this.#options;
    const { endpoint, repo, revision } = record;
    const place: Place = { endpoint, repo, revision, hasToken: access.token !== null };
    try {
      const hub = await openHubFetch({ ...access, endpoint });
      try {
        await this.#fetchAll(place, hub.fetch);
        return { state: 'done' };
      } finally {
        await hub.close();
      }
    } catch (error) {
      if (this.#abort.signal.aborted) return { state: 'paused' };
      return { state: 'failed', failure: finalFailure(error, place) };
    } finally {
      this.file = null;
      this.checking = false;
    }
  }

  async #fetchAll(place: Place, fetch: typeof globalThis.fetch): Promise<void> {
    const { record, delaysMs, onPlan } = this.#options;
    const { signal } = this.#abort;
    const withSignal: typeof fetch = (input, init) => fetch(input, { signal, ...init });
    const plan =
      record.plan ?? (await withRetries(() => planDownload(place, withSignal), { delaysMs, signal }));
    onPlan(plan);
    await mkdir(record.folder, { recursive: true });
    await this.#requireSpace(plan);
    let before = 0;
    this.#samples = [];
    for (const file of plan.files) {
      this.file = file.path;
      this.checking = false;
      await fetchFile({
        file,
        folder: record.folder,
        url: fileUrl(place, plan.commit, file.path),
        place,
        fetch,
        delaysMs,
        signal,
        onBytes: (bytes) => {
          this.checking = false;
          this.#progress(before + bytes);
        },
        onChecking: () => {
          this.checking = true;
          this.#options.onChange();
        },
      });
      before += file.bytes;
      this.#progress(before);
    }
  }

  async #requireSpace({ files }: DownloadPlan): Promise<void> {
    const { folder } = this.#options.record;
    const present = await Promise.all(
      files.map(async ({ path, bytes }) => Math.min(bytes, await presentBytes(join(folder, path)))),
    );
    const needed = files.reduce((sum, { bytes }, index) => sum + bytes - (present[index] ?? 0), 0);
    const free = await this.#options.freeBytes(folder);
    if (needed === 0 || needed + SPARE_BYTES <= free) return;
    throw new FacetError({
      code: 'hub.no-space',
      message: `${inGb(needed)} still need to be downloaded, and ${inGb(free)} is free on the disk of ${folder}.`,
      fix: 'Free some space or choose another folder for models, then resume.',
      where: { file: folder },
    });
  }
}
