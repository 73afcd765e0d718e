import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import { unevenBackbones } from '#core/fitFindings.ts';
import type { Comparison, ComparisonAsk } from '#shared/comparisonEntities.ts';
import type { Run } from '#shared/entities.ts';
import { client } from '../../api/client.ts';
import { formatCompact } from '../../charts/compactNumber.ts';
import { CheckpointSelect } from '../../components/CheckpointSelect.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount, formatFigure, plural } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import css from './comparison.module.css';
import { settingsApart } from './settingsApart.ts';

interface Props {
  readonly run: Run;
  readonly other: Run;
}

async function compare(ask: ComparisonAsk, signal: AbortSignal): Promise<Comparison> {
  for await (const frame of await client.data.compare(ask, { signal })) {
    if (frame.type === 'done') return frame.result;
  }
  throw new Error('the comparison ended without a result');
}

/** Two runs on the pairs that neither was trained on: the difference, what sets them apart, where they disagree. */
export function RunComparison({ run, other }: Props) {
  const [checkpoint, setCheckpoint] = useState<CheckpointKind>();
  const [otherCheckpoint, setOtherCheckpoint] = useState<CheckpointKind>();
  const { data, error, refetch } = useQuery({
    queryKey: ['comparison', run.id, run.endedAt, checkpoint, other.id, other.endedAt, otherCheckpoint],
    queryFn: ({ signal }) =>
      compare({ runId: run.id, otherId: other.id, checkpoint, otherCheckpoint }, signal),
  });
  const apart = settingsApart(run.config, other.config);
  const uneven = unevenBackbones(run, other);
  return (
    <section className={`card ${css.panel}`} aria-label={`Compared with ${other.name}`}>
      <div className={css.head}>
        <h2>Compared with {other.name}</h2>
        <CheckpointSelect run={run} value={checkpoint} onChange={setCheckpoint} />
        <CheckpointSelect run={other} value={otherCheckpoint} onChange={setOtherCheckpoint} />
      </div>
      <ErrorCard error={error} onRetry={() => void refetch()} />
      {!error &&
        (data === undefined ? <Loading label="Comparing…" /> : <Figures {...{ data, run, other }} />)}
      {run.modelId !== other.modelId && (
        <p className="small">
          They are of different models, {run.modelName} and {other.modelName}.
        </p>
      )}
      {uneven !== null && <p className="small">{uneven}</p>}
      {apart.length > 0 && (
        <details open={apart.length <= 6}>
          <summary>{plural(apart.length, 'setting differs', 'settings differ')}</summary>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">{run.name}</th>
                <th scope="col">{other.name}</th>
              </tr>
            </thead>
            <tbody>
              {apart.map(({ name, own, others }) => (
                <tr key={name}>
                  <th scope="row" className="mono">
                    {name}
                  </th>
                  <td className="num">{own}</td>
                  <td className="num">{others}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      {data && data.disagreements.pairs.length > 0 && <Disagreements {...{ data, run, other }} />}
    </section>
  );
}

interface FiguresProps extends Props {
  readonly data: Comparison;
}

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${formatFigure(Math.abs(value))}`;

function Figures({ data, run, other }: FiguresProps) {
  const { accuracy, pairs, prompts, relabelled, onlyOwn, onlyOthers } = data;
  const left = [
    onlyOwn > 0 && `${formatCount(onlyOwn)} held out from ${run.name} alone`,
    onlyOthers > 0 && `${formatCount(onlyOthers)} held out from ${other.name} alone`,
    relabelled > 0 && `${formatCount(relabelled)} with another label in each`,
  ].filter(Boolean);
  const note = left.length > 0 ? ` Left out: ${left.join(', ')}.` : '';
  if (accuracy === null)
    return <p>No pair was held out from both, so there is nothing to compare them on.{note}</p>;
  const { own, others, difference } = accuracy;
  const apart = difference.low > 0 || difference.high < 0;
  return (
    <>
      <p>
        <b className="num">{signed(difference.value)}</b> accuracy (95 % {signed(difference.low)} …{' '}
        {signed(difference.high)}): {run.name} at step {formatCount(data.step)}{' '}
        <span className="num">{formatFigure(own.value)}</span>, {other.name} at step{' '}
        {formatCount(data.otherStep)} <span className="num">{formatFigure(others.value)}</span>.{' '}
        {apart
          ? 'The difference is larger than which prompts were drawn explains.'
          : 'These pairs can’t tell them apart.'}
      </p>
      <p className="small muted">
        On {plural(pairs, 'pair')} of {plural(prompts, 'prompt')} held out from both; prompts drawn anew with
        all their pairs.{note}
      </p>
    </>
  );
}

function Disagreements({ data, run, other }: FiguresProps) {
  const { ownRight, othersRight, pairs } = data.disagreements;
  const total = ownRight + othersRight;
  return (
    <details>
      <summary>
        They disagree on {plural(total, 'pair')}: {run.name} is right on {formatCount(ownRight)}, {other.name}{' '}
        on {formatCount(othersRight)}
      </summary>
      {total > pairs.length && (
        <p className="small muted">The {formatCount(pairs.length)} widest apart are shown.</p>
      )}
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">Prompt</th>
              <th scope="col">Chosen</th>
              <th scope="col">Rejected</th>
              <th scope="col">Margin, {run.name}</th>
              <th scope="col">Margin, {other.name}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ pairId, prompt, chosen, rejected, own, others }) => (
              <tr key={pairId}>
                <td>
                  <div className={css.text}>{prompt}</div>
                </td>
                <td>
                  <div className={css.text}>{chosen}</div>
                </td>
                <td>
                  <div className={css.text}>{rejected}</div>
                </td>
                <td className="num">{formatCompact(own)}</td>
                <td className="num">{formatCompact(others)}</td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    onClick={() => navigate('annotate', { pair: String(pairId) })}
                  >
                    Open pair {pairId}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
