import { FacetError } from '#core/result.ts';
import type { ImportRules } from '#shared/importEntities.ts';
import type { ImportMap } from '../data/importMaps.ts';
import { fieldsOfRow, shapeKey } from './fieldsOfRow.ts';
import { type InputFile, inputName } from './files/bytes.ts';
import { type LlamaSet, llamaSetOf } from './files/llamaSets.ts';
import { readLlamaRow } from './llamaRow.ts';
import { type RowRead, RowReading } from './RowReading.ts';
import { checkStopped, readRecords } from './readRecords.ts';
import { readRow } from './readRow.ts';

export { checkStopped } from './readRecords.ts';

export interface ReadBatch {
  readonly rows: readonly RowRead[];
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** How the rows of one file are read: as the person says, else as an earlier file of this shape was. */
interface Reading {
  readonly given: ImportRules;
  /** The mapping that is remembered for a shape. */
  readonly remembered: (shape: string) => ImportMap | null;
}

/** A file on its way in: what its rows have, and what they are read by. */
export class FileReading {
  readonly fields: string[] = [];
  rules: ImportRules;
  shape: string | null = null;
  isRemembered = false;
  /** How a list of LLaMA-Factory's beside the file describes it. */
  set: LlamaSet | null = null;
  readonly #reading: Reading;
  #unseen: Set<string>;

  constructor(reading: Reading = { given: {}, remembered: () => null }) {
    this.#reading = reading;
    this.rules = reading.given;
    this.#unseen = new Set();
  }

  get map(): ImportRules['map'] | null {
    return this.rules.map && Object.keys(this.rules.map).length > 0 ? this.rules.map : null;
  }

  /** Takes note of a row's fields; the first one decides what is remembered for the file. */
  look(value: unknown): void {
    const fields = this.#unseen.size > 0 || this.fields.length < MOST_FIELDS ? fieldsOfRow(value) : [];
    for (const field of fields) {
      this.#unseen.delete(field);
      if (this.fields.length < MOST_FIELDS && !this.fields.includes(field)) this.fields.push(field);
    }
    if (this.shape !== null || fields.length === 0) return;
    this.shape = shapeKey(fields);
    if (this.set === null && this.rules.map === undefined && this.rules.verdicts === undefined) {
      const known = this.#reading.remembered(this.shape);
      this.isRemembered = known !== null;
      if (known) this.rules = { ...this.rules, ...known };
    }
    const named = Object.entries(this.rules.map ?? {}).flatMap(([part, field]) =>
      part === 'metadata' ? field.split('+') : [field],
    );
    this.#unseen = new Set(named.filter((field) => field !== '' && !fields.includes(field)));
  }

  /** A name that stands in no row is a slip of the person who mapped it. */
  checkNames(file: string): void {
    const [field] = this.#unseen;
    if (field === undefined) return;
    const [part] =
      Object.entries(this.rules.map ?? {}).find(([, name]) => name.split('+').includes(field)) ?? [];
    throw new FacetError({
      code: 'import.unknown-field',
      message: `No row of ${file} has the field "${field}", which is to be the ${part}.`,
      fix: `Its fields are: ${this.fields.slice(0, 12).join(', ')}.`,
      where: { file, field },
    });
  }
}
const MOST_FIELDS = 200;
/** Later rows of a large file have the fields of the first ones. */
const LOOKED_AT = 1000;

/** Rows of a file in batches small enough to keep the process responsive. */
export async function* readFile(
  input: InputFile,
  reading: FileReading,
  batchRows: number,
  signal?: AbortSignal,
): AsyncGenerator<ReadBatch> {
  let looked = 0;
  if (reading.rules.map === undefined) reading.set = await llamaSetOf(input);
  const { set } = reading;
  const rows = new RowReading(
    (value) => (set ? readLlamaRow(value, set, reading.rules) : readRow(value, reading.rules)),
    () => (set ? null : reading.rules),
  );
  let bytesTotal = 0;
  try {
    for await (const batch of readRecords(input, batchRows, signal)) {
      const read: RowRead[] = [];
      for (const record of batch.records) {
        if ('value' in record && looked++ < LOOKED_AT) reading.look(record.value);
        read.push(...rows.take(record));
      }
      bytesTotal = batch.bytesTotal;
      yield { rows: read, bytesRead: batch.bytesRead, bytesTotal };
    }
    for (const read of rows.waiting(batchRows)) {
      checkStopped(signal);
      yield { rows: read, bytesRead: bytesTotal, bytesTotal };
    }
  } finally {
    rows.close();
  }
  if (looked > 0) reading.checkNames(inputName(input));
}
