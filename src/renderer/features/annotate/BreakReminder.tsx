import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatDuration } from '../../format.ts';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import css from './annotate.module.css';

/** Of time active without a break of five minutes. */
export const BREAK_AFTER_MINUTES = 50;
const BREAK_AFTER_MS = BREAK_AFTER_MINUTES * 60_000;

/** Says that it is time for a break, again after as long once it was closed; can be turned off for good. */
export function BreakReminder({ sinceBreakMs }: { readonly sinceBreakMs: number }) {
  const { remindOfBreaks } = usePreferences();
  const [closedAt, setClosedAt] = useState(0);
  // A break was made since it was closed.
  const since = sinceBreakMs < closedAt ? sinceBreakMs : sinceBreakMs - closedAt;
  if (!remindOfBreaks || since < BREAK_AFTER_MS) return null;
  return (
    <div className={css.news} role="status" aria-label="Time for a break">
      <span className="grow">
        You have labelled for {formatDuration(sinceBreakMs)}. A few minutes away from it keep verdicts steady.
      </span>
      <Button size="xs" onClick={() => setClosedAt(sinceBreakMs)}>
        Later
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        onClick={() => setPreferences({ remindOfBreaks: false })}
      >
        Never remind me
      </Button>
    </div>
  );
}
