/** Figures of the open project that a pass over it makes: when somebody looks at them, and again when they ask. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import { failureOf } from '../api/failureOf.ts';

export interface PassState<Ask, Figures> {
  /** Whose figures they are. */
  readonly project: string | null;
  /** What they answer. */
  readonly ask: Ask | null;
  readonly figures: Figures | null;
  readonly countedAt: string | null;
  /** 0–1 while they are being made; null when they are not. */
  readonly share: number | null;
  readonly failure: Failure | null;
}

type Open<Ask, Figures> = (ask: Ask, signal: AbortSignal) => Promise<AsyncIterable<PassFrame<Figures>>>;

/** One pass at a time: another question ends the one that is on. */
export function createPassStore<Ask, Figures>(open: Open<Ask, Figures>) {
  const fresh: PassState<Ask, Figures> = {
    ...{ project: null, ask: null, figures: null, countedAt: null, share: null, failure: null },
  };
  const use = create<PassState<Ask, Figures>>(() => fresh);
  let abort: AbortController | null = null;

  async function start(project: string, ask: Ask): Promise<void> {
    abort?.abort();
    const cancel = new AbortController();
    abort = cancel;
    const before = use.getState();
    use.setState({ ...(before.project === project ? before : fresh), project, share: 0, failure: null });
    const show = (changes: Partial<PassState<Ask, Figures>>): void => {
      if (abort === cancel) use.setState(changes);
    };
    try {
      for await (const frame of await open(ask, cancel.signal)) {
        if (frame.type === 'done')
          show({ figures: frame.result, ask, countedAt: new Date().toISOString(), share: null });
        else show({ share: frame.total > 0 ? frame.done / frame.total : 0 });
      }
    } catch (error) {
      show({ share: null, failure: cancel.signal.aborted ? null : failureOf(error) });
    }
  }
  return { use, start, cancel: (): void => abort?.abort() };
}
