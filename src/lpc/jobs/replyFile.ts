/** Replies as they are drawn, one prompt a line: what is whole of an earlier try is kept, a torn last line is not. */
import type { GeneratedReply } from '#core/jobs.ts';
import { isMissing } from '#disk/failures.ts';
import { GrowingFile } from '#disk/GrowingFile.ts';
import { jsonLine, readLines } from '#disk/lines.ts';
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
async function wholeLines(path: string): Promise<{ ids: Set<string>; bytes: number }> {
  const ids = new Set<string>();
  let bytes = 0;
  try {
    for await (const { text, end, isWhole } of readLines(path)) {
      const id = isWhole ? idOf(text) : null;
      if (id === null) break;
      ids.add(id);
      bytes = end;
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return { ids, bytes };
}

export class ReplyFile {
  readonly #file: GrowingFile;
  /** Prompts that are there. */
  readonly ids: Set<string>;

  private constructor(file: GrowingFile, ids: Set<string>) {
    this.#file = file;
    this.ids = ids;
  }

  static async open(path: string): Promise<ReplyFile> {
    const { ids, bytes } = await wholeLines(path);
    return new ReplyFile(await GrowingFile.open(path, bytes), ids);
  }

  /** Durable when it returns. */
  async append(rows: readonly PromptReplies[]): Promise<void> {
    await this.#file.append(rows.map(jsonLine).join(''));
    for (const { id } of rows) this.ids.add(id);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
