import { Button, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { VerdictRules } from '#core/verdictAttributes.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { PaneSection, SidePane } from '../../components/SidePane.tsx';
import { formatMoment } from '../../format.ts';
import { useIsOwner } from '../../state/me.ts';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import type { DeskKind } from './actions.ts';
import css from './annotate.module.css';
import { KeyList } from './KeyList.tsx';
import { agreement, attributeWords, decisionWords, strengthWords } from './revealWords.ts';
import type { Told } from './sessionView.ts';
import { decisionLabel } from './stepWords.ts';

interface Props {
  readonly kind: DeskKind;
  readonly current: AnnotationItem | undefined;
  readonly last: Told | null;
  /** The last verdict is on disk. */
  readonly lastSaved: boolean;
  readonly rules: VerdictRules;
  readonly onChangeKeys: () => void;
}

/** What the file and others said: about the last pair once its verdict stands, about this one only if the project reveals. */
export function HistoryPane({ kind, current, last, lastSaved, rules, onChangeKeys }: Props) {
  const isOwner = useIsOwner();
  const show = usePreferences((state) => state.showLabelAfterVerdict) && isOwner;
  return (
    <SidePane label="History">
      {current !== undefined && current.revealed !== null && (
        <PaneSection label={current.verdict === null ? 'This pair, revealed' : 'This pair, decided before'}>
          <Revealed item={current} />
        </PaneSection>
      )}
      <PaneSection label="Your last verdict">
        {last === null ? (
          <p className="small muted" style={{ margin: 0 }}>
            {isOwner
              ? 'Nothing yet. What the file and others said about a pair is shown here once you have decided it.'
              : 'Nothing yet.'}
          </p>
        ) : (
          <LastVerdict last={last} lastSaved={lastSaved} show={show} />
        )}
      </PaneSection>
      {isOwner && (
        <Switch
          size="xs"
          label="Show labels after my verdict"
          checked={show}
          onChange={(event) => setPreferences({ showLabelAfterVerdict: event.currentTarget.checked })}
        />
      )}
      <PaneSection label="Keys">
        <KeyList kind={kind} rules={rules} />
        <Button size="xs" variant="subtle" style={{ marginTop: 'var(--s2)' }} onClick={onChangeKeys}>
          Change keys…
        </Button>
      </PaneSection>
    </SidePane>
  );
}

function LastVerdict({
  last,
  lastSaved,
  show,
}: {
  readonly last: Told;
  readonly lastSaved: boolean;
  readonly show: boolean;
}) {
  const details = useQuery(
    api.library.pair.queryOptions({
      input: { pairId: last.pairId },
      enabled: show && lastSaved,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const own = useQuery(api.annotate.annotators.queryOptions()).data?.find(({ current }) => current);
  const revealed = show ? (details.data?.revealed ?? null) : null;
  const agrees = agreement(last.verdict, revealed?.imported ?? null);
  return (
    <div className="stack" style={{ minHeight: '6rem' }}>
      <div className="row" style={{ flexWrap: 'wrap' }}>
        <b>{decisionLabel(last)}</b>
        <span className="small muted">{attributeWords(last.attributes, last.leftKey).join(', ')}</span>
        {agrees === 'agree' && <Chip tone="good">as in the file</Chip>}
        {agrees === 'disagree' && <Chip tone="warn">against the file</Chip>}
      </div>
      {details.data !== undefined && revealed !== null && (
        <Revealed item={details.data} without={own?.name} />
      )}
      <ErrorCard error={details.error} />
    </div>
  );
}

interface RevealedProps {
  readonly item: AnnotationItem;
  /** An annotator whose verdict is shown elsewhere already. */
  readonly without?: string | undefined;
}

function Revealed({ item, without }: RevealedProps) {
  if (item.revealed === null) return null;
  const { labels, history } = item.revealed;
  return (
    <ul className={css.list}>
      {item.aspect !== null && (
        <li>
          <span className="muted">Aspect: </span>
          {item.aspect}
        </li>
      )}
      {labels.length === 0 && (
        <li>
          <span className="muted">File: </span>no label
        </li>
      )}
      {labels.map(({ annotator, verdict, strength }) => (
        <li key={annotator}>
          <span className="muted">{annotator === null ? 'File' : `${annotator}, file`}: </span>
          {strengthWords(decisionWords(verdict, item.left.key), strength)}
        </li>
      ))}
      {history
        .filter(({ annotator }) => annotator !== without)
        .map(({ annotator, decision, attributes, at }) => (
          <li key={`${annotator}:${at}`} title={formatMoment(at)}>
            <span className="muted">{annotator}: </span>
            {[decisionWords(decision, item.left.key), ...attributeWords(attributes, item.left.key)].join(
              ', ',
            )}
          </li>
        ))}
    </ul>
  );
}
