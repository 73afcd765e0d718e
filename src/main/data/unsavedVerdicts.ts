import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { toFailure } from '#core/result.ts';
import { GrowingFile } from '#disk/GrowingFile.ts';
import { jsonLine, readLines } from '#disk/lines.ts';
import { moveTo } from '#disk/writeFile.ts';
import { newDecisionSchema } from '#shared/entities.ts';
import { Writer } from './Writer.ts';

const keptSchema = newDecisionSchema.extend({ at: z.string() });
export type KeptVerdict = z.infer<typeof keptSchema>;
const lineSchema = z.union([z.object({ kept: keptSchema }), z.object({ dropped: z.string() })]);

/** `my.facet.unsaved.jsonl`, beside the project; there only while something is in it. */
const unsavedPath = (projectPath: string): string => `${projectPath}.unsaved.jsonl`;

/**
 * Verdicts that wait to be saved or could not be, in a small file beside the project, so that neither a crash nor a
 * database that can't be written loses one. A line keeps a verdict or drops it again.
 */
export class UnsavedVerdicts {
  readonly #path: string;
  readonly #log: (line: string) => void;
  readonly #turns = new Writer();
  readonly #kept = new Map<string, KeptVerdict>();
  #isRead = false;
  /** Bytes of whole lines. */
  #bytes = 0;

  constructor(projectPath: string, log: (line: string) => void) {
    this.#path = unsavedPath(projectPath);
    this.#log = log;
  }

  /** In the order in which they were given. */
  list(): Promise<KeptVerdict[]> {
    return this.#inTurn(async () => [...this.#kept.values()].sort((one, other) => compare(one.at, other.at)));
  }

  /** Durable when it returns. One that is kept already is not kept twice. */
  keep(verdicts: readonly KeptVerdict[]): Promise<void> {
    return this.#inTurn(async () => {
      const fresh = verdicts.filter(({ requestId }) => !this.#kept.has(requestId));
      if (fresh.length === 0) return;
      await this.#append(fresh.map((kept) => jsonLine({ kept })).join(''));
      for (const verdict of fresh) this.#kept.set(verdict.requestId, verdict);
    });
  }

  /** Those of them that are kept. */
  drop(requestIds: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const known = requestIds.filter((id) => this.#kept.has(id));
      if (known.length === 0) return;
      if (known.length < this.#kept.size)
        await this.#append(known.map((dropped) => jsonLine({ dropped })).join(''));
      else {
        await rm(this.#path, { force: true });
        this.#bytes = 0;
      }
      for (const id of known) this.#kept.delete(id);
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.#turns.hold();
    try {
      if (!this.#isRead) await this.#read();
      this.#isRead = true;
      return await work();
    } finally {
      release();
    }
  }

  async #append(lines: string): Promise<void> {
    const file = await GrowingFile.open(this.#path, this.#bytes);
    try {
      await file.append(lines);
      this.#bytes = file.bytes;
    } finally {
      await file.close();
      // Made for lines that could not be written: it would be offered as if something were in it.
      if (this.#bytes === 0) await rm(this.#path, { force: true });
    }
  }

  async #read(): Promise<void> {
    if (!existsSync(this.#path)) return;
    let damaged: string | null = null;
    for await (const { text, end, isWhole, row } of readLines(this.#path)) {
      // A torn last line was never acknowledged.
      if (!isWhole) break;
      try {
        const line = lineSchema.parse(JSON.parse(text));
        if ('kept' in line) this.#kept.set(line.kept.requestId, line.kept);
        else this.#kept.delete(line.dropped);
      } catch (error) {
        damaged ??= `row ${row}: ${toFailure(error).message}`;
      }
      this.#bytes = end;
    }
    if (damaged !== null) await this.#putAside(damaged);
  }

  /** What can't be read is left beside for a person to look at; what can be goes on. */
  async #putAside(damaged: string): Promise<void> {
    const aside = `${this.#path}.${new Date().toISOString().replaceAll(':', '')}.unreadable`;
    await moveTo(this.#path, aside);
    this.#log(`unsaved verdicts: a part of ${aside} can't be read, ${damaged}`);
    this.#bytes = 0;
    if (this.#kept.size > 0)
      await this.#append([...this.#kept.values()].map((kept) => jsonLine({ kept })).join(''));
  }
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
