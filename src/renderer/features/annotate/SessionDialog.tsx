import { Button, Modal, Switch } from '@mantine/core';
import { IDLE_AFTER_MS } from '#core/labelSession.ts';
import { formatDuration } from '../../format.ts';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { BREAK_AFTER_MINUTES } from './BreakReminder.tsx';
import { SessionTiles } from './SessionTiles.tsx';
import type { Counts } from './sessionView.ts';

interface Props {
  readonly counts: Counts;
  readonly onClose: () => void;
}

/** What somebody has done since the project was opened, told calmly: no goal, no rank. */
export function SessionDialog({ counts, onClose }: Props) {
  const { again } = counts;
  const { remindOfBreaks } = usePreferences();
  return (
    <Modal opened onClose={onClose} title="Your session" size="md">
      <div className="stack">
        <SessionTiles counts={counts} />
        <p className="small muted" style={{ margin: 0 }}>
          Since the project was opened, of verdicts that stand. Time counts while a pair is on screen and you
          are at it: after {formatDuration(IDLE_AFTER_MS)} without a key or a movement it rests. Pairs an hour
          are told from a minute on.
          {again !== null &&
            ' “Same again” counts all pairs that came to you twice, and how many you decided as before.'}
        </p>
        <Switch
          label={`Remind me of a break after ${BREAK_AFTER_MINUTES} minutes`}
          checked={remindOfBreaks}
          onChange={(event) => setPreferences({ remindOfBreaks: event.currentTarget.checked })}
        />
        <div className="row">
          <span className="grow" />
          <Button variant="filled" data-autofocus onClick={onClose}>
            Go on
          </Button>
        </div>
      </div>
    </Modal>
  );
}
