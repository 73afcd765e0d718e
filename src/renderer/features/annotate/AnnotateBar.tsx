import { pacePerHour } from '#core/labelSession.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { formatCount, formatSeconds } from '../../format.ts';
import { useIsOwner } from '../../state/me.ts';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import type { AnnotateAction } from './actions.ts';
import css from './annotate.module.css';
import { FilterChip } from './FilterChip.tsx';
import { useCap } from './keys/keyStore.ts';
import { withKey } from './keys/keyWords.ts';
import { orderName } from './orderWords.ts';
import type { Counts, Told } from './sessionView.ts';
import { stepLabel } from './stepWords.ts';
import type { DeskPlace } from './useDeskPlace.ts';

interface Props {
  readonly item: AnnotationItem | undefined;
  readonly counts: Counts;
  /** What the buttons would do; null where there is nothing. */
  readonly undo: Told | null;
  readonly redo: Told | null;
  readonly diffOn: boolean;
  readonly guidelinesOpen: boolean;
  readonly place: DeskPlace;
  readonly onAction: (action: AnnotateAction) => void;
}

export function AnnotateBar({ item, counts, undo, redo, diffOn, guidelinesOpen, place, onAction }: Props) {
  const isOwner = useIsOwner();
  const isRated = (useProject()?.settings.ratings.scale ?? 'off') !== 'off';
  const cap = useCap();
  const pace = pacePerHour(counts.inSession, counts.activeMs);
  const each = counts.medianMs === null ? null : formatSeconds(counts.medianMs);
  return (
    <ScreenBar
      title={
        <span className="num">
          {item === undefined || item.position === null
            ? 'Annotate'
            : `${item.set === null ? 'Pair' : 'Ranking,'} ${formatCount(item.position)} of ${formatCount(counts.total)}`}
        </span>
      }
      actions={
        <>
          <span className="small muted num">
            {formatCount(counts.inSession)} in this session
            {each !== null && <span className={css.spare}> · median {each}</span>}
            {pace !== null && <span className={css.spare}> · {formatCount(Math.round(pace))} an hour</span>}
          </span>
          {item?.set === null && (
            <KeyButton
              variant="subtle"
              color="gray"
              keyName={cap('diff')}
              aria-pressed={diffOn}
              onClick={() => onAction('diff')}
            >
              Difference
            </KeyButton>
          )}
          <KeyButton
            variant="subtle"
            color="gray"
            keyName={cap('guidelines')}
            aria-pressed={guidelinesOpen}
            onClick={() => onAction('guidelines')}
          >
            Guidelines
          </KeyButton>
          <KeyButton
            variant="subtle"
            color="gray"
            keyName={cap('undo')}
            disabled={undo === null}
            {...(undo === null
              ? {}
              : { title: stepLabel('Undo', undo), 'aria-label': stepLabel('Undo', undo) })}
            onClick={() => onAction('undo')}
          >
            Undo
          </KeyButton>
          {redo !== null && (
            <KeyButton
              variant="subtle"
              color="gray"
              keyName={cap('redo')}
              title={stepLabel('Redo', redo)}
              aria-label={stepLabel('Redo', redo)}
              onClick={() => onAction('redo')}
            >
              Redo
            </KeyButton>
          )}
        </>
      }
    >
      {item !== undefined && (
        <span className={css.spare}>
          <Chip>{item.source}</Chip>
        </span>
      )}
      {isRated && (
        <Chip title="Rate replies one by one" onClick={() => navigate('annotate', { replies: '1' })}>
          Single replies
        </Chip>
      )}
      {place.scope.filter !== null && (
        <FilterChip filter={place.scope.filter} onLeave={() => place.show({})} />
      )}
      {place.scope.includeSkipped && place.scope.filter === null && (
        <Chip tone="accent">Skipped ones too</Chip>
      )}
      {isOwner && (
        <Chip
          tone={place.scope.order === undefined ? 'plain' : 'accent'}
          title={withKey('In which order pairs come', cap('order'))}
          onClick={() => onAction('order')}
        >
          {orderName(place.scope.order)}
        </Chip>
      )}
      {item !== undefined && item.reason !== null && (
        <span className="small muted num" role="note" aria-label="Why this pair">
          {item.reason}
        </span>
      )}
      {item !== undefined && item.verdict !== null && (
        <Chip tone="warn">{item.verdict === 'skip' ? 'Skipped before' : 'Decided before'}</Chip>
      )}
    </ScreenBar>
  );
}
