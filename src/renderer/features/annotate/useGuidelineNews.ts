import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { useProject } from '../../state/project.ts';
import { useAnnotation } from './annotationStore.ts';

export interface GuidelineTold {
  /** The version in force, as main's last answer has it. */
  readonly number: number;
  /** The version that this person was last told of; null where nothing came since. */
  readonly since: number | null;
  /** They have been told. */
  readonly close: () => void;
}

/** Whether the guidelines have changed since whoever labels here was last told of them. */
export function useGuidelineNews(): GuidelineTold {
  const { number, told } = useAnnotation().server?.guidelines ?? { number: 0, told: 0 };
  const shown = useProject()?.guidelines.number ?? number;
  useEffect(() => {
    // Somebody has saved another version since this page read them.
    if (number > shown) void queryClient.invalidateQueries({ queryKey: api.project.current.queryKey() });
    void queryClient.invalidateQueries({ queryKey: api.guidelines.versions.queryKey() });
  }, [number, shown]);
  const [closed, setClosed] = useState(0);
  const tell = useMutation(
    api.guidelines.told.mutationOptions({ onError: (error) => notifyFailure(failureOf(error)) }),
  );
  return {
    number,
    since: number > Math.max(told, closed) ? told : null,
    close: () => {
      setClosed(number);
      tell.mutate({ number });
    },
  };
}
