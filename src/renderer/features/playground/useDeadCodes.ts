import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { codesOf } from '#core/methods.ts';
import { api } from '../../api/client.ts';
import type { Policy } from './policies.ts';

const NONE: ReadonlySet<number> = new Set();

export interface DeadCodes {
  /** Empty where it is not known. */
  readonly dead: ReadonlySet<number>;
  /** Of the checkpoint whose codes were read; null where they were not: any code may be dead. */
  readonly step: number | null;
}

/** Codes of a policy that no prompt of the project fires, by the same rule as the Codes screen. */
export function useDeadCodes({ run, checkpoint }: Policy): DeadCodes {
  const kept = run?.checkpoints.find(({ kind }) => kind === (checkpoint ?? 'last'))?.step;
  const step =
    run && codesOf(run.config) !== null && kept !== undefined && run.codesSteps.includes(kept) ? kept : null;
  const { data } = useQuery({
    ...api.codes.overview.queryOptions({ input: { runId: run?.id ?? 0, step: step ?? 0 } }),
    enabled: step !== null,
  });
  return useMemo(
    () =>
      step === null || data === undefined
        ? { dead: NONE, step: null }
        : { dead: new Set(data.summaries.filter(({ dead }) => dead).map(({ code }) => code)), step },
    [step, data],
  );
}
