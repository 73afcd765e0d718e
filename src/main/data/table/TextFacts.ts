import type { Database } from '../database.ts';
import { PREVIEW, promptText } from '../storedMessages.ts';
import { grown } from './order.ts';
import { type Part, readAll } from './Part.ts';

export interface FactBlock {
  readonly firstPair: number;
  readonly lastPair: number;
  readonly lengths: Uint32Array;
  readonly languages: Uint16Array;
}
export interface TextRow {
  readonly id: number;
  readonly messages: string;
  /** How the last thing that was asked begins: it says in which language the prompt is. */
  readonly preview: string;
  readonly a: string;
  readonly b: string;
}
interface BlockRow {
  readonly firstPair: number;
  readonly lastPair: number;
  readonly lengths: Buffer;
  readonly languages: Buffer;
}

/** Pairs of one block. */
export const BLOCK_PAIRS = 65_536;
/** Fewer new pairs than this are measured whenever the project is read: it takes no longer. */
export const LEAST_MEASURED = 2000;

const UNKNOWN = 0;
/** Two letters as one number; 0 where the language is not known. */
export const languageNumber = (code: string): number =>
  code.length === 2 ? 256 * code.charCodeAt(0) + code.charCodeAt(1) : UNKNOWN;
export const languageCode = (number: number): string | null =>
  number === UNKNOWN ? null : String.fromCharCode(number >> 8, number & 255);

const MEASURED_TO = 'SELECT coalesce(max(last_pair), 0) FROM text_facts';

/** Lengths and languages of texts: measured once, in the thread of an import, and kept in the project. */
export function factTable(database: Database) {
  const measuredTo = database.prepare<[], number>(MEASURED_TO).pluck();
  const texts = database.prepare<[number, number], TextRow>(
    `SELECT stored_pairs.id, stored_prompts.messages, ${PREVIEW} AS preview, a.text AS a, b.text AS b
     FROM stored_pairs JOIN stored_prompts ON stored_prompts.id = stored_pairs.prompt_id
     JOIN responses AS a ON a.id = stored_pairs.a_id JOIN responses AS b ON b.id = stored_pairs.b_id
     WHERE stored_pairs.id >= ? AND stored_pairs.id <= ? ORDER BY stored_pairs.id`,
  );
  const blocks = database.prepare<[], BlockRow>(
    `SELECT first_pair AS firstPair, last_pair AS lastPair, lengths, languages FROM text_facts ORDER BY first_pair`,
  );
  const put = database.prepare<[number, number, Buffer, Buffer]>(
    'INSERT OR REPLACE INTO text_facts (first_pair, last_pair, lengths, languages) VALUES (?, ?, ?, ?)',
  );
  return {
    measuredTo: (): number => measuredTo.get() as number,
    texts: (from: number, to: number): IterableIterator<TextRow> => texts.iterate(from, to),
    *blocks(): Generator<FactBlock> {
      for (const { lengths, languages, ...ends } of blocks.iterate()) {
        yield {
          ...ends,
          // Copied, since a blob's memory need not be aligned.
          lengths: new Uint32Array(new Uint8Array(lengths).buffer),
          languages: new Uint16Array(new Uint8Array(languages).buffer),
        };
      }
    },
    put: ({ firstPair, lastPair, lengths, languages }: FactBlock): void => {
      put.run(firstPair, lastPair, Buffer.from(lengths.buffer), Buffer.from(languages.buffer));
    },
  };
}

/** Characters as a reader counts them, and SQLite: an emoji beyond the first 65,536 is one. */
function characters(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) pairs += 1;
  return text.length - pairs;
}
export const lengthsOf = ({ messages, a, b }: TextRow): [number, number, number] => [
  characters(promptText(messages)),
  characters(a),
  characters(b),
];

/** Pairs that a step reads. */
const PAIRS = 500;

/** The same in memory, by pair. Lives in the process that reads. */
export class TextFacts implements Part {
  readonly #table;
  #measured = 0;
  #read = 0;
  #told = 0;
  /** Three a pair: prompt, reply A, reply B. */
  lengths: Uint32Array = new Uint32Array(0);
  languages: Uint16Array = new Uint16Array(0);
  /** Languages of pairs that were not measured yet: null until it is loaded. */
  languageOf: ((text: string) => string) | null = null;

  constructor(database: Database) {
    this.#table = factTable(database);
  }

  /** Changes with what is known. */
  version(): string {
    return `${this.#table.measuredTo()}:${this.languageOf !== null}`;
  }

  /** Whether languages of pairs up to `last` are to be told here: few enough, and measured by nobody. */
  hasUntold(last: number): boolean {
    const untold = last - this.#table.measuredTo();
    return untold > 0 && untold < LEAST_MEASURED;
  }

  refresh(last: number, size: number): void {
    readAll(this, last, size);
    this.#grow(size);
    this.#tell(last);
  }
  isBehind(last: number): boolean {
    return this.#table.measuredTo() > this.#measured || last > Math.max(this.#read, this.#measured);
  }
  readonly weight = 1;
  share(last: number): number {
    return Math.min(1, Math.max(this.#read, this.#measured) / last);
  }
  step(last: number, size: number): void {
    this.#grow(size);
    if (this.#table.measuredTo() > this.#measured) {
      this.#takeIn();
      return;
    }
    const from = Math.max(this.#read, this.#measured);
    const to = Math.min(last, from + PAIRS);
    for (const row of this.#table.texts(from + 1, to)) this.lengths.set(lengthsOf(row), 3 * row.id);
    this.#read = to;
  }

  #grow(size: number): void {
    this.lengths = grown(this.lengths, 3 * size);
    this.languages = grown(this.languages, size);
  }

  #takeIn(): void {
    for (const { firstPair, lastPair, lengths, languages } of this.#table.blocks()) {
      if (lastPair <= this.#measured) continue;
      this.lengths.set(lengths, 3 * firstPair);
      this.languages.set(languages, firstPair);
      this.#measured = lastPair;
    }
  }

  /** More than a few are being measured in a process of their own, and are known when it is done. */
  #tell(last: number): void {
    const from = Math.max(this.#told, this.#measured);
    if (this.languageOf === null || last - from >= LEAST_MEASURED) return;
    for (const row of this.#table.texts(from + 1, last)) {
      this.languages[row.id] = languageNumber(this.languageOf(row.preview));
    }
    this.#told = Math.max(this.#told, last);
  }
}
