import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { PaneSection } from '../../components/SidePane.tsx';
import { plural } from '../../format.ts';
import { CodeRow } from './CodeRow.tsx';
import { evenWeights, mixOf } from './codeMix.ts';
import { inUseWords, modeWords } from './codeWords.ts';
import type { CodeMode } from './lanes.ts';
import css from './playground.module.css';
import { changeMix, modeFor, priorBy, setPlayground, usePlayground } from './playgroundStore.ts';
import type { Policy } from './policies.ts';
import { livingCodes } from './sweeps.ts';
import { useDeadCodes } from './useDeadCodes.ts';

const SHOWN = 8;
/** A codebook may hold a thousand: each press shows so many more. */
const MORE = 56;
const MODES: { readonly value: CodeMode; readonly label: string }[] = [
  { value: 'prior', label: 'Prior' },
  { value: 'mix', label: 'Chosen' },
  { value: 'none', label: 'z off' },
];

interface PaneProps {
  readonly policy: Policy;
  /** Draws replies with a code's weight from 0 to 1. */
  readonly onSweep: (code: number) => void;
}

/** Which codes the aligned reply is drawn with: the prior's, chosen weights, or none. */
export function CodesPane({ policy, onSweep }: PaneProps) {
  const { run } = policy;
  const codes = run === null ? null : codesOf(run.config);
  if (run === null || codes === null)
    return (
      <PaneSection label="Codes">
        <p className="small muted" style={{ margin: 0 }}>
          {run === null
            ? 'A base model has no codes. Choose a run trained with LPC to steer it by them.'
            : `${run.name} has no codes: ${whyWithoutCodes(run.config)}.`}
        </p>
      </PaneSection>
    );
  return <Codes key={run.id} policy={policy} runId={run.id} codes={codes} onSweep={onSweep} />;
}

interface CodesProps extends PaneProps {
  readonly runId: number;
  readonly codes: number;
}

function Codes({ policy, runId, codes, onSweep }: CodesProps) {
  const state = usePlayground();
  const { dead, step } = useDeadCodes(policy);
  const [limit, setLimit] = useState(SHOWN);
  const mode = modeFor(state, runId);
  const prior = priorBy(state, policy);
  const start = useMemo(() => prior ?? evenWeights(codes), [prior, codes]);
  const mix = useMemo(
    () => (mode === 'mix' && state.mix !== null ? state.mix.mix : mixOf(start)),
    [mode, state.mix, start],
  );
  const known = mode === 'mix' || prior !== null;
  // In the prior's order, not the mix's: a row stays where it is while it is dragged.
  const order = useMemo(() => [...livingCodes(start, dead), ...dead], [start, dead]);
  const shown = order.filter(
    (code, rank) =>
      (rank < limit && !(dead.has(code) && limit === SHOWN)) || mix.pinned[code] || mix.muted[code],
  );
  const rest = order.filter((code) => !shown.includes(code));
  const restWeight = rest.reduce((sum, code) => sum + (mix.weights[code] ?? 0), 0);
  return (
    <PaneSection label={prior === null ? 'Code weights' : 'Code weights · starting from p(z|x)'}>
      <SegmentedControl<CodeMode>
        aria-label="Codes of the aligned reply"
        size="xs"
        fullWidth
        mb="sm"
        value={mode}
        data={MODES}
        onChange={(value) =>
          value === 'mix' ? changeMix(runId, start, (same) => same) : setPlayground({ mode: value })
        }
      />
      <div className={css.codes} data-off={mode === 'none' || undefined}>
        {shown.map((code) => (
          <CodeRow
            key={code}
            code={code}
            mix={mix}
            prior={prior?.[code] ?? null}
            known={known}
            dead={dead.has(code)}
            onSweep={
              prior !== null && state.asked !== null && codes - dead.size > 1
                ? () => onSweep(code)
                : undefined
            }
            onChange={(change) => changeMix(runId, start, (before) => change(before, start))}
          />
        ))}
      </div>
      <div className="row" style={{ gap: 'var(--s4)' }}>
        {rest.length > 0 && (
          <button type="button" className={css.linkButton} onClick={() => setLimit(limit + MORE)}>
            {plural(rest.length, 'more code')}
            {known ? `, together ${Math.max(0, restWeight).toFixed(2)}` : ''}
          </button>
        )}
        {limit > SHOWN && (
          <button type="button" className={css.linkButton} onClick={() => setLimit(SHOWN)}>
            Only the {SHOWN} strongest
          </button>
        )}
      </div>
      <div className="row" style={{ marginTop: 'var(--s2)' }}>
        <Button
          size="xs"
          disabled={mode === 'prior'}
          onClick={() => setPlayground({ mode: 'prior', mix: null })}
        >
          Back to prior
        </Button>
      </div>
      <p
        className="small muted num"
        style={{ margin: 'var(--s2) 0 0', minHeight: '2.2em' }}
        aria-live="polite"
      >
        {modeWords(mode, prior, mix.weights)}
      </p>
      <p className="small muted num" style={{ margin: 'var(--s1) 0 0' }}>
        {inUseWords(codes, dead, step)}
      </p>
    </PaneSection>
  );
}
