import { rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BaseName } from '#core/jobs.ts';
import { FacetError, toFailure } from '#core/result.ts';
import { isProcessAlive } from '#disk/partials.ts';
import type { Inputs } from '#shared/contract.ts';
import type { Download, HubSettings } from '#shared/policyEntities.ts';
import { Changes } from '../hub/Changes.ts';
import { type DownloadRecord, downloadRecords } from '../hub/downloadRecord.ts';
import { hubSettings } from '../hub/hubSettings.ts';
import type { KeyStore } from '../hub/keyStore.ts';
import { diskFreeBytes, RunningDownload } from '../hub/RunningDownload.ts';
import { parseRepo } from '../hub/repoName.ts';
import { RETRY_DELAYS_MS, type RetryDelays } from '../hub/retry.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject } from './OpenProject.ts';

/** Downloads from a Hugging Face hub; they outlive the project that is open. */
export interface HubService {
  settings(): HubSettings;
  updateSettings(changes: Inputs['hub']['updateSettings']): Promise<HubSettings>;
  downloads(): Download[];
  watch(signal?: AbortSignal): AsyncGenerator<Download[], void>;
  start(request: Inputs['hub']['start']): Promise<Download>;
  pause(id: number): Promise<Download>;
  resume(id: number): Promise<Download>;
  remove(id: number): Promise<void>;
  /** Repository and commit that a model's folder was fetched from; null where Facet did not fetch it. */
  fetchedFrom(folder: string): BaseName | null;
  /** Pauses what runs. */
  dispose(): Promise<void>;
}

export interface HubServiceOptions {
  readonly userDataDir: string;
  readonly keyStore: KeyStore;
  readonly current: CurrentProject;
  readonly models: ModelService;
  readonly log: (line: string) => void;
  /** For tests. */
  readonly delaysMs?: RetryDelays;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Downloads go on while projects come and go, and after a restart on request. */
export function hubService(options: HubServiceOptions): HubService {
  const { userDataDir, keyStore, current, models, log } = options;
  const settings = hubSettings(userDataDir, keyStore);
  const records = downloadRecords(join(userDataDir, 'downloads'), log);
  const running = new Map<number, RunningDownload>();
  const finishing = new Set<Promise<void>>();
  const changes = new Changes();

  /** Fetched by another process of Facet that is alive. */
  const isElsewhere = (record: DownloadRecord): boolean =>
    record.state === 'running' && record.pid !== process.pid && isProcessAlive(record.pid);

  const describe = (record: DownloadRecord): Download => {
    const active = running.get(record.id);
    const { id, repo, revision, folder, plan, failure } = record;
    const stopped = record.state === 'running' && !isElsewhere(record) ? 'paused' : record.state;
    return {
      id,
      repo,
      revision,
      folder,
      state: active ? (active.checking ? 'checking' : 'running') : stopped,
      bytesDone: active?.bytesDone ?? record.bytesDone,
      bytesTotal: plan ? plan.files.reduce((sum, { bytes }) => sum + bytes, 0) : null,
      bytesPerSecond: active?.bytesPerSecond ?? null,
      file: active?.file ?? null,
      failure,
      modelId: current.get()?.models.byPath(folder)?.id ?? null,
    };
  };
  const downloads = (): Download[] => records.all().map(describe);
  const find = (id: number): DownloadRecord => {
    const record = records.all().find((one) => one.id === id);
    if (record) return record;
    throw new FacetError({
      code: 'hub.unknown-download',
      message: `There is no download ${id}.`,
      fix: 'Choose one from the list.',
    });
  };
  const requireOwn = (record: DownloadRecord): DownloadRecord => {
    if (!isElsewhere(record)) return record;
    throw new FacetError({
      code: 'hub.elsewhere',
      message: `${record.repo} is being downloaded by another Facet, process ${record.pid}.`,
      fix: 'Pause it there, or wait for it.',
    });
  };

  /** A model that can't join the project stays on disk, and the reason is shown. */
  const joinProject = async (record: DownloadRecord): Promise<DownloadRecord> => {
    if (!current.get()) return record;
    try {
      await models.add(record.folder);
      return record;
    } catch (error) {
      return { ...record, failure: toFailure(error) };
    }
  };

  const run = (first: DownloadRecord): Download => {
    let record: DownloadRecord = { ...first, state: 'running', failure: null, pid: process.pid };
    records.save(record);
    const active = new RunningDownload({
      record,
      access: settings.access(record.endpoint),
      delaysMs: options.delaysMs ?? RETRY_DELAYS_MS,
      freeBytes: options.freeBytes ?? diskFreeBytes,
      onPlan: (plan) => {
        record = { ...record, plan: { commit: plan.commit, files: [...plan.files] } };
        records.save(record);
        changes.now();
      },
      onChange: () => changes.soon(),
    });
    running.set(record.id, active);
    const finish = active.ended.then(async (outcome) => {
      const failure = outcome.state === 'failed' ? outcome.failure : null;
      record = { ...record, state: outcome.state, failure, bytesDone: active.bytesDone };
      if (outcome.state === 'done') record = await joinProject(record);
      records.settle(record);
      running.delete(record.id);
      changes.now();
    });
    finishing.add(finish);
    void finish.catch((error: unknown) => log(String(error))).finally(() => finishing.delete(finish));
    changes.now();
    return describe(record);
  };

  const stop = async (id: number): Promise<void> => {
    const active = running.get(id);
    if (!active) return;
    active.stop();
    await active.ended;
    await Promise.all(finishing);
  };

  return {
    settings: () => settings.get(),
    updateSettings: async (given) => {
      settings.update(given);
      return settings.get();
    },
    downloads,
    async *watch(signal) {
      const through = new AbortController();
      const each = changes.each(signal ? AbortSignal.any([signal, through.signal]) : through.signal);
      try {
        yield downloads();
        for await (const _ of each) yield downloads();
      } finally {
        through.abort();
      }
    },
    start: async ({ repo: given, revision }) => {
      const { endpoint, folder: parent } = settings.get();
      const repo = parseRepo(given, endpoint);
      const folder = resolve(parent, ...folderOf(repo, revision));
      const same = records.all().find((record) => record.folder === folder);
      if (same && (running.has(same.id) || isElsewhere(same))) return describe(same);
      const fresh = { repo, revision, endpoint, folder, plan: null, bytesDone: 0 };
      const state = { state: 'running', failure: null, pid: process.pid } as const;
      return run(same ? { ...same, ...fresh, ...state } : records.create({ ...fresh, ...state }));
    },
    pause: async (id) => {
      requireOwn(find(id));
      await stop(id);
      return describe(find(id));
    },
    resume: async (id) => {
      const record = requireOwn(find(id));
      if (running.has(id) || record.state === 'done') return describe(record);
      return run(record);
    },
    remove: async (id) => {
      requireOwn(find(id));
      await stop(id);
      const { state, folder, plan } = find(id);
      if (state !== 'done') {
        for (const { path } of plan?.files ?? []) {
          await rm(join(folder, path), { force: true });
          await rm(join(folder, `${path}.part`), { force: true });
        }
        for (const empty of [folder, dirname(folder)]) await rmdir(empty).catch(() => undefined);
      }
      records.remove(id);
      changes.now();
    },
    fetchedFrom: (folder) => {
      const record = records.all().find((one) => one.state === 'done' && one.folder === folder);
      return record ? { name: record.repo, revision: record.plan?.commit ?? record.revision } : null;
    },
    dispose: async () => {
      for (const active of running.values()) active.stop();
      await Promise.allSettled(finishing);
      changes.end();
    },
  };
}

/** `owner/name`, and the revision where it isn't the main one. */
function folderOf(repo: string, revision: string): string[] {
  const parts = repo.split('/');
  const suffix = revision === 'main' ? '' : `@${revision.replace(/[^\w.-]/g, '-')}`;
  return parts.map((part, index) => (index === parts.length - 1 ? part + suffix : part));
}
