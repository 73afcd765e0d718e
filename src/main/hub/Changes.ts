/** Tells any number of listeners that something changed, at most a few times a second for small things. */
import { EventEmitter, on } from 'node:events';

const PAUSE_MS = 200;

export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  now(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#emitter.emit('change');
  }

  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), PAUSE_MS);
  }

  /**
   * One item a change until `stop` or the end. It listens from the call on, not from the first item asked for, so that
   * what changes in between is not missed; the caller aborts `stop` when it is through.
   */
  each(stop: AbortSignal): AsyncGenerator<null, void> {
    const signal = AbortSignal.any([stop, this.#ending.signal]);
    return items(signal.aborted ? null : on(this.#emitter, 'change', { signal }), signal);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#ending.abort();
  }
}

async function* items(events: AsyncIterable<unknown> | null, stop: AbortSignal): AsyncGenerator<null, void> {
  if (events === null) return;
  try {
    for await (const _ of events) yield null;
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
