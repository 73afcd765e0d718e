import { Button } from '@mantine/core';
import type { Run } from '#shared/entities.ts';
import { ScreenBar } from '../../../components/ScreenBar.tsx';
import { navigate } from '../../../state/screen.ts';
import css from '../codes.module.css';
import { RunSelect } from '../RunSelect.tsx';
import { TimelinePane } from './TimelinePane.tsx';

interface Props {
  readonly run: Run;
  readonly runs: readonly Run[];
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();

/** A run that trains: its codes as its evaluations left them; those of every prompt are read once it has ended. */
export function TrainingCodes({ run, runs }: Props) {
  return (
    <div className={css.screen}>
      <ScreenBar title="Codes">
        <RunSelect runs={runs} run={run} onRun={(id) => navigate('codes', { run: String(id) })} />
        <span className="small muted">
          Still training: codes of held-out prompts as each evaluation left them
        </span>
        <Button size="xs" onClick={() => navigate('train', { run: String(run.id) })}>
          Go to {run.name}
        </Button>
      </ScreenBar>
      <section className={css.pane} style={{ gridRow: 3 }} aria-label="Codes over time">
        <TimelinePane
          run={run}
          step={null}
          runs={runs}
          names={NO_NAMES}
          code={null}
          onCode={() => undefined}
        />
      </section>
    </div>
  );
}
