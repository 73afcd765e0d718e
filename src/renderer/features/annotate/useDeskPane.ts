import { useState } from 'react';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { usePane } from './usePane.ts';

export interface DeskPaneState {
  readonly shown: 'history' | 'guidelines' | null;
  /** What came to the guidelines since this version is asked for. */
  readonly since: number | null;
  readonly toggleHistory: () => void;
  readonly toggleGuidelines: () => void;
  readonly showChanges: (since: number | null) => void;
}

/**
 * What stands beside the pair. The history is open where there is room, else only when asked for; the guidelines take its
 * place as long as they are open, here and on the next visit.
 */
export function useDeskPane(): DeskPaneState {
  const [history, toggleHistory] = usePane();
  const [since, setSince] = useState<number | null>(null);
  const { guidelinesOpen } = usePreferences();
  const showGuidelines = (open: boolean, from: number | null = null) => {
    setSince(from);
    setPreferences({ guidelinesOpen: open });
  };
  return {
    shown: guidelinesOpen ? 'guidelines' : history ? 'history' : null,
    since,
    toggleHistory: () => {
      // From the guidelines it is asked for, not sent away.
      if (!guidelinesOpen || !history) toggleHistory();
      showGuidelines(false);
    },
    toggleGuidelines: () => showGuidelines(!guidelinesOpen),
    showChanges: (from) => showGuidelines(true, from),
  };
}
