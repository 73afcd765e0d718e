/** Everything that Facet is doing, so that nothing works unseen and everything can be ended. */
import type { Job, JobResults } from '#core/jobs.ts';
import { FacetError, type Result } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { JobPriority, Work, WorkListState } from '#shared/work.ts';
import type { ComputeClient, ComputeOptions, JobOf, Ticket } from '../compute/ComputeClient.ts';

interface Entry {
  work: Work;
  readonly ticket: Ticket;
  readonly stop: AbortController;
}

/** How a piece of work says how far it is. */
export type Report = (done: number, total: number) => void;

const TITLES: { readonly [K in Job['kind']]: string } = {
  train: 'Training',
  candidates: 'Fitting candidates',
  codes: 'Codes of prompts',
  score: 'Scores of pairs',
  causes: 'What codes cause',
  audit: 'Audit of labels',
  'generate-many': 'Replies for labelling',
  export: 'Export of a run',
  estimate: 'Estimate of a run',
  probe: 'Codes of a typed prompt',
  vocabulary: 'Words that codes lift',
  generate: 'A reply',
  'reply-tokens': 'Tokens of a reply',
  tokens: 'Tokens of a pair',
  engines: 'Looking for engines',
  'inspect-model': 'Reading a model',
};

/** Changes that come together are told of together. */
const TELL_MS = 150;

export class WorkList {
  readonly #entries = new Map<number, Entry>();
  readonly #listeners = new Set<() => void>();
  #nextId = 1;
  #readings = 0;

  /** The same client, each of whose jobs is listed while it waits and runs. */
  listing(client: ComputeClient): ComputeClient {
    return {
      run: <K extends Job['kind']>(job: JobOf<K>, options: ComputeOptions = {}) =>
        this.#job(client, job, options),
      dispose: () => client.dispose(),
    };
  }

  /** Work that is no job of the compute process. `signal` ends it as well as `cancel`. */
  async track<T>(
    title: string,
    signal: AbortSignal,
    work: (signal: AbortSignal, report: Report) => Promise<T>,
  ): Promise<T> {
    const entry = this.#add(title, false, { priority: 'normal' });
    this.#change(entry, { state: 'running' });
    try {
      return await work(AbortSignal.any([signal, entry.stop.signal]), (done, total) =>
        this.#change(entry, { done, total }),
      );
    } finally {
      this.#remove(entry);
    }
  }

  list(): Work[] {
    return [...this.#entries.values()].map(({ work }) => work);
  }

  /** Asks it to end. Throws `work.unknown` where it has ended already. */
  cancel(id: number): void {
    const entry = this.#require(id);
    this.#change(entry, { state: 'cancelling' });
    entry.stop.abort();
  }

  /** Its place among those that wait. */
  setPriority(id: number, priority: JobPriority): void {
    const entry = this.#require(id);
    entry.ticket.priority = priority;
    this.#change(entry, { priority });
  }

  /** The list now and whenever it changes. */
  async *watch(signal?: AbortSignal): AsyncGenerator<WorkListState, void> {
    let wake: () => void = () => undefined;
    let changed = true;
    const listener = (): void => {
      changed = true;
      wake();
    };
    this.#listeners.add(listener);
    signal?.addEventListener('abort', listener, { once: true });
    try {
      while (!signal?.aborted) {
        if (!changed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          await new Promise((resolve) => setTimeout(resolve, TELL_MS));
        }
        if (signal?.aborted) return;
        changed = false;
        yield { list: this.list(), readings: this.#readings };
      }
    } finally {
      this.#listeners.delete(listener);
      signal?.removeEventListener('abort', listener);
    }
  }

  async #job<K extends Job['kind']>(
    client: ComputeClient,
    job: JobOf<K>,
    options: ComputeOptions,
  ): Promise<Result<JobResults[K]>> {
    const ticket: Ticket = {
      priority: options.ticket?.priority ?? 'normal',
      onStart: () => {
        options.ticket?.onStart?.();
        if (entry.work.state === 'waiting') this.#change(entry, { state: 'running' });
      },
    };
    const entry = this.#add(options.title ?? TITLES[job.kind], job.kind === 'train', ticket, options.about);
    const onFrame = (frame: RunFrame): void => {
      this.#follow(entry, frame);
      options.onFrame?.(frame);
    };
    const stop = options.stop ? AbortSignal.any([options.stop, entry.stop.signal]) : entry.stop.signal;
    try {
      return await client.run(job, { ...options, ticket, onFrame, stop });
    } finally {
      this.#remove(entry);
    }
  }

  #follow(entry: Entry, frame: RunFrame): void {
    if (frame.type === 'phase')
      this.#change(entry, { phase: frame.phase, done: frame.done, total: frame.total });
    if (frame.type === 'step')
      this.#change(entry, {
        phase: 'train',
        done: frame.step,
        total: frame.totalSteps,
        leftMs: frame.timeLeftMs,
      });
  }

  #add(title: string, training: boolean, ticket: Ticket, about: Work['about'] = null): Entry {
    const id = this.#nextId++;
    const entry: Entry = {
      ticket,
      stop: new AbortController(),
      work: {
        id,
        title,
        state: 'waiting',
        phase: null,
        done: 0,
        total: 0,
        leftMs: null,
        startedAt: new Date().toISOString(),
        priority: ticket.priority,
        about,
        training,
      },
    };
    this.#entries.set(id, entry);
    this.#tell();
    return entry;
  }

  #change(entry: Entry, change: Partial<Work>): void {
    entry.work = { ...entry.work, ...change };
    this.#tell();
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.work.id);
    if (entry.work.about !== null) this.#readings += 1;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #require(id: number): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new FacetError({
      code: 'work.unknown',
      message: 'That work has ended already.',
      fix: 'Nothing needs to be done.',
    });
  }
}
