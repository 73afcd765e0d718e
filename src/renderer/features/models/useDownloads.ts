import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Failure } from '#core/result.ts';
import type { Download } from '#shared/policyEntities.ts';
import { api, client } from '../../api/client.ts';
import { CONNECTION_LOST, failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';

const REOPEN_MS = 1_000;

/** The downloads as they change; a finished one puts its model on the shelf. */
export function useDownloads(): {
  readonly downloads: readonly Download[] | undefined;
  readonly failure: Failure | null;
} {
  const { data } = useQuery(api.hub.downloads.queryOptions({ retry: false }));
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let finished = -1;
    const follow = async () => {
      try {
        for await (const downloads of await client.hub.watch(undefined, { signal: abort.signal })) {
          setFailure(null);
          queryClient.setQueryData(api.hub.downloads.queryKey(), downloads);
          const now = downloads.filter(({ state }) => state === 'done').length;
          if (finished >= 0 && now > finished)
            void queryClient.invalidateQueries({ queryKey: api.models.key() });
          finished = now;
        }
      } catch (error) {
        if (abort.signal.aborted) return;
        const why = failureOf(error);
        if (why.code === CONNECTION_LOST) timer = setTimeout(() => void follow(), REOPEN_MS);
        else setFailure(why);
      }
    };
    void follow();
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, []);
  return { downloads: data, failure };
}
