/** Replies as they are drawn, one prompt a line: what is whole of an earlier try is kept, a torn last line is not. */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GeneratedReply } from '#core/jobs.ts';
import { isJsonObject } from '../backbone/files.ts';

export interface PromptReplies {
  readonly id: string;
  readonly replies: readonly GeneratedReply[];
}

function idOf(line: string): string | null {
  try {
    const row: unknown = JSON.parse(line);
    return isJsonObject(row) && typeof row.id === 'string' && Array.isArray(row.replies) ? row.id : null;
  } catch {
    return null;
  }
}

/** Ids of the whole lines, and how many bytes they take: what follows the first torn one is not counted. */
function wholeLines(text: string): { ids: Set<string>; bytes: number } {
  const ids = new Set<string>();
  let bytes = 0;
  const lines = text.split('\n');
  // Without a newline behind it the last line is torn, or empty.
  for (const line of lines.slice(0, -1)) {
    const id = idOf(line);
    if (id === null) break;
    ids.add(id);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { ids, bytes };
}

export class ReplyFile {
  readonly #handle: FileHandle;
  #bytes: number;
  /** Prompts that are there. */
  readonly ids: Set<string>;

  private constructor(handle: FileHandle, ids: Set<string>, bytes: number) {
    this.#handle = handle;
    this.ids = ids;
    this.#bytes = bytes;
  }

  static async open(path: string): Promise<ReplyFile> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+');
    const { ids, bytes } = wholeLines(await handle.readFile('utf8'));
    await handle.truncate(bytes);
    return new ReplyFile(handle, ids, bytes);
  }

  /** Durable when it returns. */
  async append(rows: readonly PromptReplies[]): Promise<void> {
    const data = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await this.#handle.write(data, 0, data.length, this.#bytes);
    await this.#handle.sync();
    this.#bytes += data.length;
    for (const { id } of rows) this.ids.add(id);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
