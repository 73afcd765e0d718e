/** Tells any number of listeners that something changed, at most a few times a second for small things. */
import { EventEmitter, on } from 'node:events';

const PAUSE_MS = 200;

export class Changes {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  now(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.emitter.emit('change');
  }

  soon(): void {
    this.timer ??= setTimeout(() => this.now(), PAUSE_MS);
  }

  /** One item a change, changes that came while the listener was busy as one, until `signal` or the end. */
  async *each(signal?: AbortSignal): AsyncGenerator<null, void> {
    const stop = signal ? AbortSignal.any([signal, this.ending.signal]) : this.ending.signal;
    try {
      for await (const _ of on(this.emitter, 'change', { signal: stop, highWaterMark: 2 ** 20 })) yield null;
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }

  end(): void {
    if (this.timer) clearTimeout(this.timer);
    this.ending.abort();
  }
}
