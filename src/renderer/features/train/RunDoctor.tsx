import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { codesOf, hasPosterior } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { formatCount } from '../../format.ts';
import { FarthestPairs } from './HeldOutPairs.tsx';
import type { Finding, RunTrace } from './runTrace.ts';
import { isActive } from './runWords.ts';
import { SuggestionLink } from './SuggestionLink.tsx';
import css from './train.module.css';

/** What stands out in this run, in plain words, each with a fix. */
export function RunDoctor({ run, trace }: { readonly run: Run; readonly trace: RunTrace }) {
  const active = isActive(run);
  const findings = trace.findings;
  const hasPairs = !active && run.checkpoints.length > 0;
  const [shown, setShown] = useState<Finding | null>(null);
  return (
    <section className={`card ${css.panel}`} aria-label="Run doctor" aria-live="polite">
      {findings.length === 0 && (
        <div className="row">
          <Chip>Run doctor</Chip>
          <span className="muted">{nothingWords(run, trace, active)}</span>
        </div>
      )}
      {findings.map((finding, index) => (
        <div key={finding.code} className={css.finding}>
          <div className={css.findingHead}>
            {index === 0 && <Chip tone="warn">Run doctor</Chip>}
            <b>{finding.message}</b>
          </div>
          <p className="small muted">
            {finding.fix} <span className="num">({whenWords(finding)})</span>
          </p>
          <div className="row" style={{ flexWrap: 'wrap' }}>
            <SuggestionLink run={run} suggestion={finding.suggestion} />
            {hasPairs && (
              <Button size="compact-xs" variant="subtle" onClick={() => setShown(finding)}>
                Its pairs
              </Button>
            )}
          </div>
        </div>
      ))}
      <Modal opened={shown !== null} onClose={() => setShown(null)} size="80rem" title={shown?.message}>
        {shown && <FarthestPairs run={run} />}
      </Modal>
    </section>
  );
}

/** What the doctor can look at in a run of this kind. */
function checkedWords({ config }: Run): string {
  const parts = [
    ...(codesOf(config) === null ? [] : ['codes']),
    ...(hasPosterior(config) ? ['KL'] : []),
    'rewards',
    'accuracy',
  ];
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

const nothingWords = (run: Run, trace: RunTrace, active: boolean): string => {
  if (!trace.lastEvaluation)
    return active ? 'Looks at the run after each evaluation.' : 'No evaluation to look at.';
  return `Nothing stands out at step ${formatCount(trace.lastEvaluation.step)}: ${checkedWords(run)} were checked.`;
};

const whenWords = ({ step, firstStep, times }: Finding): string =>
  times === 1
    ? `at step ${formatCount(step)}`
    : `at step ${formatCount(step)}, ${times} times since step ${formatCount(firstStep)}`;
