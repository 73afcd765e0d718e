/** Growing columns of numbers: appending a step never copies the run. */
export class Columns<Name extends string> {
  #length = 0;
  readonly #buffers = new Map<Name, Float64Array>();

  constructor(names: readonly Name[]) {
    for (const name of names) this.#buffers.set(name, new Float64Array(256));
  }

  get rows(): number {
    return this.#length;
  }

  /** A missing value is NaN: it is drawn as a gap. */
  append(row: { readonly [K in Name]?: number | null | undefined }): void {
    for (const [name, buffer] of this.#buffers) {
      const target = this.#length < buffer.length ? buffer : this.#grow(name, buffer);
      target[this.#length] = row[name] ?? Number.NaN;
    }
    this.#length += 1;
  }

  /** Values up to now; a view, not a copy, good until the next append or truncate. */
  view(name: Name): Float64Array {
    const buffer = this.#buffers.get(name);
    return buffer ? buffer.subarray(0, this.#length) : new Float64Array(0);
  }

  truncate(rows: number): void {
    this.#length = Math.min(this.#length, Math.max(0, rows));
  }

  #grow(name: Name, buffer: Float64Array): Float64Array {
    const larger = new Float64Array(buffer.length * 2);
    larger.set(buffer);
    this.#buffers.set(name, larger);
    return larger;
  }
}
