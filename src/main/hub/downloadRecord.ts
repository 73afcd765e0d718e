/** What outlives the process: one small file a download, written whole or not at all. */

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { claimSmallFile, writeSmallFile } from '#disk/smallFile.ts';
import { failureSchema } from '#shared/entities.ts';

const recordSchema = z.object({
  id: z.number().int(),
  repo: z.string(),
  revision: z.string(),
  endpoint: z.string(),
  folder: z.string(),
  state: z.enum(['running', 'paused', 'failed', 'done']),
  /** Null until the hub has answered. */
  plan: z
    .object({
      commit: z.string(),
      files: z.array(
        z.object({
          path: z.string().regex(/^\w[\w.-]*$/),
          bytes: z.number(),
          sha256: z.string().nullable(),
          gitSha1: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  failure: failureSchema.nullable(),
  bytesDone: z.number(),
  /** The process that fetches, or did when it was last heard of. */
  pid: z.number(),
});
export type DownloadRecord = z.infer<typeof recordSchema>;

export interface DownloadRecords {
  all(): DownloadRecord[];
  /** Takes the next number, whichever process asks. */
  create(record: Omit<DownloadRecord, 'id'>): DownloadRecord;
  save(record: DownloadRecord): void;
  /** The same for how a download ended: what the disk does not take, a full one, is remembered until it does. */
  settle(record: DownloadRecord): void;
  remove(id: number): void;
}

export function downloadRecords(dir: string, log: (line: string) => void): DownloadRecords {
  const pathOf = (id: number): string => join(dir, `${id}.json`);
  const text = (record: DownloadRecord): string => `${JSON.stringify(record)}\n`;
  const ids = (): number[] => {
    mkdirSync(dir, { recursive: true });
    const names = readdirSync(dir).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []);
    return names.map(Number).sort((a, b) => a - b);
  };
  const unsaved = new Map<number, DownloadRecord>();
  const save = (record: DownloadRecord): void => {
    writeSmallFile(pathOf(record.id), text(record));
    unsaved.delete(record.id);
  };
  return {
    all: () =>
      ids().flatMap((id) => {
        const remembered = unsaved.get(id);
        if (remembered) return [remembered];
        try {
          return [recordSchema.parse(JSON.parse(readFileSync(pathOf(id), 'utf8')))];
        } catch (error) {
          log(`${pathOf(id)} could not be read: ${String(error)}`);
          return [];
        }
      }),
    create: (rest) => {
      for (let id = (ids().at(-1) ?? 0) + 1; ; id++) {
        const record = { ...rest, id };
        if (claimSmallFile(pathOf(id), text(record))) return record;
      }
    },
    save,
    settle: (record) => {
      try {
        save(record);
      } catch (error) {
        log(`${pathOf(record.id)} could not be written: ${String(error)}`);
        unsaved.set(record.id, record);
      }
    },
    remove: (id) => {
      unsaved.delete(id);
      rmSync(pathOf(id), { force: true });
    },
  };
}
