import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '#core/result.ts';
import type { CodeMap, MapSettings } from '#shared/codeMap.ts';
import { api, client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failureOf.ts';
import { queryClient } from '../../../api/queryClient.ts';
import type { CodesOf } from '../useHeatMap.ts';
import { uint16sOf, uint32sOf } from './encoded.ts';

interface PromptMapData extends Omit<CodeMap, 'promptIds' | 'places'> {
  readonly promptIds: Uint32Array;
  readonly places: Uint16Array;
}

const decoded = (map: CodeMap | null): PromptMapData | null =>
  map && { ...map, promptIds: uint32sOf(map.promptIds), places: uint16sOf(map.places) };

/** A picture that is kept, and how another is made: while it is, how far that is. */
export function usePromptMap(of: CodesOf, settings: MapSettings) {
  const input = { ...of, settings };
  const key = JSON.stringify(input);
  const map = useQuery({
    ...api.codes.map.queryOptions({ input }),
    select: decoded,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [share, setShare] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const stop = useRef<AbortController | null>(null);
  // What was asked for of another picture is not wanted any more.
  useEffect(() => {
    void key;
    setFailure(null);
    return () => stop.current?.abort();
  }, [key]);
  const layOut = async (): Promise<void> => {
    const ending = new AbortController();
    stop.current = ending;
    setFailure(null);
    setShare(0);
    try {
      for await (const frame of await client.codes.layOut(input, { signal: ending.signal }))
        if (frame.type === 'progress') setShare(frame.total > 0 ? frame.done / frame.total : 0);
      for (const query of [api.codes.map, api.codes.mapColours])
        await queryClient.invalidateQueries({ queryKey: query.key() });
    } catch (error) {
      const told = failureOf(error);
      if (!ending.signal.aborted && told.code !== 'pass.stopped') setFailure(told);
    } finally {
      if (stop.current === ending) {
        stop.current = null;
        setShare(null);
      }
    }
  };
  return { map, share, failure, layOut, cancel: () => stop.current?.abort() };
}
