import type { ReplyKey } from '#core/preference.ts';
import type { Stated } from '#shared/adjudicationEntities.ts';
import { formatMoment } from '../../format.ts';
import { choiceOf, deskActions } from '../annotate/actions.ts';
import { attributeWords } from '../annotate/revealWords.ts';
import css from './adjudication.module.css';

interface Props {
  /** Null where they are to be seen only after deciding. */
  readonly stated: readonly Stated[] | null;
  readonly decision: Stated | null;
  readonly leftKey: ReplyKey;
}

/** What each person said of the pair and why, side by side. */
export function StatedVerdicts({ stated, decision, leftKey }: Props) {
  if (stated === null)
    return (
      <p className="small muted" style={{ margin: 0 }}>
        What people said is shown once you have decided.
      </p>
    );
  return (
    <ul className={css.stated} aria-label="What people said">
      {stated.map((one) => (
        <StatedVerdict key={one.annotator} stated={one} leftKey={leftKey} />
      ))}
      {decision !== null && <StatedVerdict stated={decision} leftKey={leftKey} settles />}
    </ul>
  );
}

interface VerdictProps {
  readonly stated: Stated;
  readonly leftKey: ReplyKey;
  readonly settles?: boolean;
}

function StatedVerdict({ stated, leftKey, settles = false }: VerdictProps) {
  const { annotator, verdict, attributes, at } = stated;
  const { rationale, ...rest } = attributes;
  const beside = attributeWords({ ...rest, rationale: null }, leftKey);
  return (
    <li className="card" data-settles={settles || undefined}>
      <span className="small muted ellipsis" title={formatMoment(at)}>
        {annotator}
        {settles && ' · settled it'}
      </span>
      <b>{deskActions[choiceOf(verdict, leftKey)].label}</b>
      {beside.length > 0 && <span className="small">{beside.join(', ')}</span>}
      {rationale === null ? (
        <span className="small muted">No reason given</span>
      ) : (
        <span className={css.why}>{rationale}</span>
      )}
    </li>
  );
}
