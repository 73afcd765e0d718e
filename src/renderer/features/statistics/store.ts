/** The figures of the open project, counted when somebody looks at them, and again when they ask. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { DataStatistics } from '#shared/dataEntities.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';

interface StatisticsState {
  /** Whose figures they are. */
  readonly project: string | null;
  readonly figures: DataStatistics | null;
  readonly countedAt: string | null;
  /** 0–1 while they are being counted; null when they are not. */
  readonly share: number | null;
  readonly failure: Failure | null;
}

const fresh: StatisticsState = { project: null, figures: null, countedAt: null, share: null, failure: null };
export const useStatistics = create<StatisticsState>(() => fresh);

let abort: AbortController | null = null;

export const cancelCounting = (): void => abort?.abort();

export async function countStatistics(project: string): Promise<void> {
  abort?.abort();
  const cancel = new AbortController();
  abort = cancel;
  const before = useStatistics.getState();
  useStatistics.setState({
    ...(before.project === project ? before : fresh),
    project,
    share: 0,
    failure: null,
  });
  const show = (changes: Partial<StatisticsState>): void => {
    if (abort === cancel) useStatistics.setState(changes);
  };
  try {
    for await (const frame of await client.data.statistics(undefined, { signal: cancel.signal })) {
      if (frame.type === 'done')
        show({ figures: frame.result, countedAt: new Date().toISOString(), share: null });
      else show({ share: frame.total > 0 ? frame.done / frame.total : 0 });
    }
  } catch (error) {
    show({ share: null, failure: cancel.signal.aborted ? null : failureOf(error) });
  }
}
