import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { strongestCodes } from '../../charts/heatMap/data.ts';
import { PaneSection } from '../../components/SidePane.tsx';
import { CodeRow } from './CodeRow.tsx';
import { evenWeights, mixOf, mixWords } from './codeMix.ts';
import type { CodeMode } from './lanes.ts';
import css from './playground.module.css';
import { changeMix, modeFor, priorBy, setPlayground, usePlayground } from './playgroundStore.ts';
import type { Policy } from './policies.ts';

const SHOWN = 8;
/** A codebook may hold a thousand: each press shows so many more. */
const MORE = 56;
const MODES: { readonly value: CodeMode; readonly label: string }[] = [
  { value: 'prior', label: 'Prior' },
  { value: 'mix', label: 'Chosen' },
  { value: 'none', label: 'z off' },
];

/** Which codes the aligned reply is drawn with: the prior's, chosen weights, or none. */
export function CodesPane({ policy }: { readonly policy: Policy }) {
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
  return <Codes key={run.id} policy={policy} runId={run.id} codes={codes} />;
}

interface CodesProps {
  readonly policy: Policy;
  readonly runId: number;
  readonly codes: number;
}

function Codes({ policy, runId, codes }: CodesProps) {
  const state = usePlayground();
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
  const order = useMemo(() => strongestCodes(start, codes).map(({ code }) => code), [start, codes]);
  const shown = order.filter((code, rank) => rank < limit || mix.pinned[code] || mix.muted[code]);
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
            onChange={(change) => changeMix(runId, start, (before) => change(before, start))}
          />
        ))}
      </div>
      <div className="row" style={{ gap: 'var(--s4)' }}>
        {rest.length > 0 && (
          <button type="button" className={css.linkButton} onClick={() => setLimit(limit + MORE)}>
            {rest.length} more codes{known ? `, together ${Math.max(0, restWeight).toFixed(2)}` : ''}
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
    </PaneSection>
  );
}

function modeWords(mode: CodeMode, prior: readonly number[] | null, weights: readonly number[]): string {
  if (mode === 'none') return 'The trained policy without z.';
  if (mode === 'mix') return `Used from the next reply on: ${mixWords(weights)}.`;
  return prior === null
    ? 'The prior chooses for each prompt; its weights show here with the first reply.'
    : `The prior’s choice for the last prompt: ${mixWords(prior)}.`;
}
