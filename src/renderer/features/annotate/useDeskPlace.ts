import { useEffect } from 'react';
import { create } from 'zustand';
import type { QueueScope } from '#shared/entities.ts';
import { formatPlace, navigate, type ScreenParams, useScreen } from '../../state/screen.ts';
import { askedPair, scopeOf, scopeParams } from './deskPlace.ts';

interface Remembered {
  readonly project: string | null;
  readonly params: ScreenParams;
}

/** Which pairs were gone through when the desk was left. */
const useRemembered = create<Remembered>(() => ({ project: null, params: {} }));

export interface DeskPlace {
  readonly scope: QueueScope;
  readonly params: ScreenParams;
  /** See `askedPair`. */
  readonly pairId: number | null | undefined;
  /** The same pairs, none of them asked for: what the address becomes once that pair is done. */
  readonly goOn: () => void;
  readonly show: (params: ScreenParams) => void;
}

/** The desk's place: of the address where it says one, else where the desk was left in this project. */
export function useDeskPlace(project: string): DeskPlace {
  const { params: address } = useScreen();
  const remembered = useRemembered();
  const own = scopeParams(address);
  const says = address.pair !== undefined || Object.keys(own).length > 0;
  const params = says ? own : remembered.project === project ? remembered.params : {};
  const key = JSON.stringify(params);
  useEffect(() => {
    useRemembered.setState({ project, params: JSON.parse(key) as ScreenParams });
  }, [project, key]);
  return {
    scope: scopeOf(params),
    params,
    pairId: askedPair(address),
    goOn: () => window.location.replace(formatPlace('annotate', params)),
    show: (wanted) => {
      useRemembered.setState({ project, params: wanted });
      navigate('annotate', wanted);
    },
  };
}
